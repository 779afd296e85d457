package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	subject    = "events.recorded"
	ackWaitMax = 30 * time.Second
)

// Nats is a running NATS server with JetStream in files.
type Nats struct {
	*Process
	url string
}

// StartNats runs the server; `sync` is its sync_interval, or nothing for the default: every two minutes.
func StartNats(binary, folder, name, sync string) (*Nats, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	settings := fmt.Sprintf("listen: 127.0.0.1:%d\njetstream {\n  store_dir: %q\n", port, filepath.Join(folder, "store"))
	if sync != "" {
		settings += "  sync_interval: " + sync + "\n"
	}
	file := filepath.Join(folder, "server.conf")
	if err := os.WriteFile(file, []byte(settings+"}\n"), 0o600); err != nil {
		return nil, err
	}
	process, err := Start(name, folder, nil, binary, "-c", file)
	if err != nil {
		return nil, err
	}
	server := &Nats{process, fmt.Sprintf("nats://127.0.0.1:%d", port)}
	if err := process.Until("it listens", listens(port)); err != nil {
		return nil, err
	}
	return server, server.makeStream()
}

func (server *Nats) makeStream() error {
	connection, err := nats.Connect(server.url)
	if err != nil {
		return err
	}
	defer connection.Close()
	stream, err := jetstream.New(connection)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), startedWaitMax)
	defer cancel()
	_, err = stream.CreateStream(ctx, jetstream.StreamConfig{
		Name: "EVENTS", Subjects: []string{"events.>"}, Storage: jetstream.FileStorage, Replicas: 1,
	})
	return err
}

// natsSender publishes over one connection.
type natsSender struct {
	connection *nats.Conn
	stream     jetstream.JetStream
	waiting    []jetstream.PubAckFuture
}

func (server *Nats) dial() (Sender, error) {
	connection, err := nats.Connect(server.url)
	if err != nil {
		return nil, err
	}
	stream, err := jetstream.New(connection, jetstream.WithPublishAsyncMaxPending(10_000))
	if err != nil {
		connection.Close()
		return nil, err
	}
	return &natsSender{connection: connection, stream: stream}, nil
}

func (sender *natsSender) Close() { sender.connection.Close() }

// Send publishes the events, and returns once the stream has acknowledged each.
func (sender *natsSender) Send(events [][]byte) error {
	ctx, cancel := context.WithTimeout(context.Background(), ackWaitMax)
	defer cancel()
	if len(events) == 1 {
		_, err := sender.stream.Publish(ctx, subject, events[0])
		return err
	}
	sender.waiting = sender.waiting[:0]
	for _, event := range events {
		future, err := sender.stream.PublishAsync(subject, event)
		if err != nil {
			return err
		}
		sender.waiting = append(sender.waiting, future)
	}
	for _, future := range sender.waiting {
		select {
		case <-future.Ok():
		case err := <-future.Err():
			return err
		case <-ctx.Done():
			return errors.New("no acknowledgement in time")
		}
	}
	return nil
}
