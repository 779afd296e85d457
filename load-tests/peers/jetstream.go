package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"
)

const (
	subject    = "events.recorded"
	inBatches  = "batches.recorded"
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
	settings := fmt.Sprintf("listen: 127.0.0.1:%d\njetstream {\n  store_dir: %q\n"+
		// By default 50 batches of a stream may be open at once, and there are more connections than that.
		"  limits { batch { max_inflight_per_stream: 1000 } }\n", port, filepath.Join(folder, "store"))
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
	for _, config := range []jetstream.StreamConfig{
		{Name: "EVENTS", Subjects: []string{"events.>"}},
		{Name: "BATCHES", Subjects: []string{"batches.>"}, AllowAtomicPublish: true},
	} {
		config.Storage, config.Replicas = jetstream.FileStorage, 1
		if _, err := stream.CreateStream(ctx, config); err != nil {
			return err
		}
	}
	return nil
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

// atomicSender publishes each batch as one, which the stream takes or refuses whole and acknowledges once.
type atomicSender struct {
	connection *nats.Conn
}

func (server *Nats) dialAtomic() (Sender, error) {
	connection, err := nats.Connect(server.url)
	if err != nil {
		return nil, err
	}
	return &atomicSender{connection}, nil
}

func (sender *atomicSender) Close() { sender.connection.Close() }

// Send publishes the events as one batch, and returns once it is acknowledged.
func (sender *atomicSender) Send(events [][]byte) error {
	batch := nuid.Next()
	for at, event := range events {
		message := nats.NewMsg(inBatches)
		message.Data = event
		message.Header["Nats-Batch-Id"] = []string{batch}
		message.Header["Nats-Batch-Sequence"] = []string{strconv.Itoa(at + 1)}
		if at+1 < len(events) {
			if err := sender.connection.PublishMsg(message); err != nil {
				return err
			}
			continue
		}
		message.Header["Nats-Batch-Commit"] = []string{"1"}
		answer, err := sender.connection.RequestMsg(message, ackWaitMax)
		if err != nil {
			return err
		}
		var acknowledged struct {
			Error *struct {
				Description string `json:"description"`
			} `json:"error"`
			Count int `json:"count"`
		}
		if err := json.Unmarshal(answer.Data, &acknowledged); err != nil {
			return err
		}
		if acknowledged.Error != nil || acknowledged.Count != len(events) {
			return fmt.Errorf("the batch of %d was not taken: %s", len(events), answer.Data)
		}
	}
	return nil
}
