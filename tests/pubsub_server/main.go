// Command pubsub_server runs Google's in-memory Pub/Sub server on loopback, for tests.
//
// It prints its address on standard output, which becomes PUBSUB_EMULATOR_HOST, and ends when
// its standard input does: a test run that is killed leaves no server behind. It keeps all in
// memory; what a killed server held is lost.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	pb "cloud.google.com/go/pubsub/v2/apiv1/pubsubpb"
	"cloud.google.com/go/pubsub/v2/pstest"
)

// strangers drops the ids of messages that a server before this one handed out: pstest 2.6.0
// crashes when their leases are renewed, where Google's server overlooks them. Messages are
// called m0, m1, … in the order in which they are published. pstest calls it under its lock.
type strangers struct{ published int }

func (s *strangers) React(request any) (handled bool, answer any, err error) {
	switch r := request.(type) {
	case *pb.PublishRequest:
		s.published += len(r.Messages)
	case *pb.ModifyAckDeadlineRequest:
		r.AckIds = slices.DeleteFunc(r.AckIds, func(id string) bool {
			n, err := strconv.Atoi(strings.TrimPrefix(id, "m"))
			return err != nil || n >= s.published
		})
	}
	return false, nil, nil
}

func main() {
	port := flag.Int("port", 0, "port to listen on; 0 takes a free one")
	flag.Parse()
	known := &strangers{}
	server := pstest.NewServerWithAddress(fmt.Sprintf("127.0.0.1:%d", *port),
		pstest.ServerReactorOption{FuncName: "Publish", Reactor: known},
		pstest.ServerReactorOption{FuncName: "ModifyAckDeadline", Reactor: known})
	fmt.Println(server.Addr)
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	server.Close()
}
