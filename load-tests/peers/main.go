// Command peers measures GAPIN beside what a user might pick instead, and beside the limits of what it stands on: the same
// events, in the same run, by turns. It starts everything that it measures, in a folder of its own.
package main

import (
	"flag"
	"fmt"
	"os"
	"time"
)

// Options are what can be chosen.
type Options struct {
	gapin, nats, producer, kafka, sample, results, commit string
	connections, batch, rounds, events                    int
	duration, warmUp                                      time.Duration
}

var commands = map[string]func(*Options, string) error{
	"embedded":  embedded,
	"fdatasync": fdatasync,
	"scale":     atScale,
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run() error {
	var options Options
	flag.StringVar(&options.gapin, "gapin", "target/release/gapin", "the program gapin")
	flag.StringVar(&options.nats, "nats", ".tools/nats-server", "the program nats-server")
	flag.StringVar(&options.producer, "producer", "target/release/examples/producer_alone", "librdkafka's producer alone")
	flag.StringVar(&options.kafka, "kafka", ".tools/kafka", "the folder of Kafka's jars")
	flag.StringVar(&options.sample, "sample", "load-tests/corpus/median.json", "the event that is sent")
	flag.StringVar(&options.results, "results", "load-tests/results", "the folder of results")
	flag.StringVar(&options.commit, "commit", commit(), "the commit that the program was built from")
	flag.IntVar(&options.connections, "connections", 64, "connections at once")
	flag.IntVar(&options.batch, "batch", 100, "events in a batch")
	flag.IntVar(&options.rounds, "rounds", 3, "rounds of each")
	flag.IntVar(&options.events, "events", 250_000, "events that are signed for a round")
	flag.DurationVar(&options.duration, "duration", 5*time.Second, "length of a round")
	flag.DurationVar(&options.warmUp, "warm-up", time.Second, "length of what comes before each round and is not counted")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: peers [options] embedded|fdatasync|scale …")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() == 0 {
		flag.Usage()
		return fmt.Errorf("say what to measure")
	}
	for _, file := range []*string{&options.gapin, &options.nats, &options.producer, &options.kafka, &options.results} {
		if err := makeAbsolute(file); err != nil {
			return err
		}
	}
	for _, name := range flag.Args() {
		command, known := commands[name]
		if !known {
			return fmt.Errorf("there is no %q", name)
		}
		fmt.Println("──", name)
		if err := inFolder(&options, command); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func inFolder(options *Options, command func(*Options, string) error) error {
	folder, err := os.MkdirTemp("", "gapin-peers-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	return command(options, folder)
}
