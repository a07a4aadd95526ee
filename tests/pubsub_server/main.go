// Command pubsub_server runs Google's in-memory Pub/Sub server on loopback, for tests.
//
// It prints its address on standard output, which becomes PUBSUB_EMULATOR_HOST, and ends when
// its standard input does: a test run that is killed leaves no server behind. It keeps all in
// memory; what a killed server held is lost.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"os"

	pb "cloud.google.com/go/pubsub/v2/apiv1/pubsubpb"
	"cloud.google.com/go/pubsub/v2/pstest"
	"google.golang.org/grpc"
)

// skip uses up the first n ids of messages, which are m0, m1, … in the order in which they are
// published: they are those of servers before this one, whose readers may still hold them. Google
// gives no id twice, and overlooks what it does not know; pstest 2.6.0 would take such an id for
// its own message, and crashes at one that it does not know.
func skip(server *pstest.Server, n int) {
	ctx, topic := context.Background(), "projects/pubsub-server/topics/skipped"
	if _, err := server.GServer.CreateTopic(ctx, &pb.Topic{Name: topic}); err != nil {
		log.Fatal(err)
	}
	for i := 0; i < n; i++ {
		request := &pb.PublishRequest{Topic: topic, Messages: []*pb.PubsubMessage{{}}}
		if _, err := server.GServer.Publish(ctx, request); err != nil {
			log.Fatal(err)
		}
	}
}

func main() {
	port := flag.Int("port", 0, "port to listen on; 0 takes a free one")
	first := flag.Int("first", 0, "number in the id of the first message")
	flag.Parse()
	fake := pstest.NewServer() // listens on a port that nobody is told of
	skip(fake, *first)
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", *port))
	if err != nil {
		log.Fatal(err)
	}
	server := grpc.NewServer()
	pb.RegisterPublisherServer(server, &fake.GServer)
	pb.RegisterSubscriberServer(server, &fake.GServer)
	fmt.Println(listener.Addr())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		server.Stop()
	}()
	if err := server.Serve(listener); err != nil {
		log.Fatal(err)
	}
}
