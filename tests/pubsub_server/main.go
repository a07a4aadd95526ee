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

	"cloud.google.com/go/pubsub/v2/pstest"
)

func main() {
	port := flag.Int("port", 0, "port to listen on; 0 takes a free one")
	flag.Parse()
	server := pstest.NewServerWithAddress(fmt.Sprintf("127.0.0.1:%d", *port))
	fmt.Println(server.Addr)
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	server.Close()
}
