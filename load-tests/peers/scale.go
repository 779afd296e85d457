package main

import (
	"bufio"
	"bytes"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	carriedWaitMax = 10 * time.Minute
	eventsTable    = "aibbar_events"
)

// atScale compares the gateway on Kafka with librdkafka's producer alone and Kafka's own load program, and then the consumer
// with COPY of the same rows into the same table.
func atScale(options *Options, folder string) error {
	postgres, err := StartPostgres(filepath.Join(folder, "postgres"))
	if err != nil {
		return err
	}
	defer postgres.Stop(syscall.SIGINT)
	kafka, err := StartKafka(options.kafka, filepath.Join(folder, "kafka"))
	if err != nil {
		return err
	}
	defer kafka.Stop(syscall.SIGTERM)
	home := filepath.Join(folder, "gapin")
	settings := []string{"DATABASE_URL=" + postgres.URL, "KAFKA_BROKERS=" + kafka.brokers}
	gateway, err := StartGapin(options.gapin, home, "gateway", settings...)
	if err != nil {
		return err
	}
	defer gateway.Stop(syscall.SIGTERM)

	results := NewResults(options.commit)
	results.Versions["gapin"] = version(options.gapin)
	results.Versions["kafka"] = kafkaVersion(options.kafka)
	results.Versions["postgres"], _ = postgres.Query("SHOW server_version")
	sent, err := producing(options, folder, kafka, gateway, results)
	if err != nil {
		return err
	}
	gateway.Stop(syscall.SIGTERM)
	if err := storing(options, folder, home, postgres, kafka, sent, results); err != nil {
		return err
	}
	return results.Write(options.results, "scale")
}

// producing has each of the three write for a while, by turns; it answers how many events the gateway acknowledged.
func producing(options *Options, folder string, kafka *Kafka, gateway *Gapin, results *Results) (int64, error) {
	signer, err := NewSigner(options.sample, gateway.Keys)
	if err != nil {
		return 0, err
	}
	lines := filepath.Join(folder, "events.ndjson")
	events, err := signer.Make(10_000)
	if err != nil {
		return 0, err
	}
	if err := os.WriteFile(lines, bytes.Join(events, []byte("\n")), 0o600); err != nil {
		return 0, err
	}
	for _, topic := range []string{"peers.librdkafka", "peers.java"} {
		if err := kafka.makeTopic(topic); err != nil {
			return 0, err
		}
	}
	load := Load{options.connections, options.batch, options.warmUp, options.duration}
	target := Target{"gapin gateway on Kafka", func() (Sender, error) { return dialGapin(gateway.Keys) }, gateway.Process, true, []*Process{kafka.Process}}
	var alone, java, toAlone []float64
	var acknowledged int64
	for number := range options.rounds {
		events, err := signer.Make(options.events)
		if err != nil {
			return 0, err
		}
		measured, err := load.Measure(target, events)
		if err != nil {
			return 0, err
		}
		results.Rounds = append(results.Rounds, measured)
		acknowledged += measured.acknowledged
		results.Disturbed = results.Disturbed || measured.Others > othersMax
		if err := rest(kafka.Process); err != nil {
			return 0, err
		}
		librdkafka, err := producerAlone(options, kafka, lines)
		if err != nil {
			return 0, err
		}
		if err := rest(kafka.Process); err != nil {
			return 0, err
		}
		performance, err := producerPerformance(options, kafka, lines, librdkafka)
		if err != nil {
			return 0, err
		}
		fmt.Printf("round %d: gateway %.0f events/s, %.1f µs an event; librdkafka alone %.0f; ProducerPerformance %.0f\n",
			number+1, measured.Rate, measured.ServerMicros, librdkafka, performance)
		alone, java = append(alone, librdkafka), append(java, performance)
		toAlone = append(toAlone, measured.Rate/librdkafka)
	}
	how := fmt.Sprintf("%d connections of batches of %d", options.connections, options.batch)
	results.Add("", "gateway on Kafka, "+how, median(results.Rounds, target.Name, options.batch, rate), "events/s", makeIt)
	results.Add("", "gateway on Kafka, "+how+": its CPU", median(results.Rounds, target.Name, options.batch, serverMicros), "µs/event", makeIt)
	results.Add("", "librdkafka's producer alone, the same events", middle(alone), "events/s", makeIt)
	results.Add("", "Kafka's ProducerPerformance, the same events", middle(java), "events/s", makeIt)
	results.Add("batch-rate-vs-librdkafka", "gateway on Kafka, "+how+", to librdkafka's producer alone", middle(toAlone), "ratio", makeIt)
	return acknowledged, nil
}

// producerAlone answers events a second.
func producerAlone(options *Options, kafka *Kafka, lines string) (float64, error) {
	said, err := exec.Command(options.producer, kafka.brokers, "peers.librdkafka", lines, fmt.Sprint(options.duration.Seconds())).Output()
	if err != nil {
		return 0, fmt.Errorf("librdkafka's producer: %w", err)
	}
	var acknowledged, failed float64
	var seconds float64
	if _, err := fmt.Sscan(string(said), &acknowledged, &seconds, &failed); err != nil || failed > 0 {
		return 0, fmt.Errorf("librdkafka's producer said %q", said)
	}
	return acknowledged / seconds, nil
}

// producerPerformance answers events a second; it is told how many to send: as many as librdkafka sends in the time.
func producerPerformance(options *Options, kafka *Kafka, lines string, perSecond float64) (float64, error) {
	count := int(perSecond * options.duration.Seconds())
	said, err := kafka.tool("org.apache.kafka.tools.ProducerPerformance", "--topic", "peers.java", "--payload-file", lines,
		"--num-records", fmt.Sprint(count), "--throughput", "-1", "--producer-props", "bootstrap.servers="+kafka.brokers,
		"acks=all", "linger.ms=1", "compression.type=lz4")
	if err != nil {
		return 0, err
	}
	// `500000 records sent, 81234.5 records/sec (77.1 MB/sec), …`, in the last line that says so.
	at := strings.LastIndex(said, " records sent, ")
	if at < 0 {
		return 0, fmt.Errorf("ProducerPerformance said %q", said)
	}
	word, _, _ := strings.Cut(said[at+len(" records sent, "):], " ")
	return strconv.ParseFloat(word, 64)
}

// storing has a consumer carry everything into PostgreSQL, and COPY put the same rows there, by turns.
func storing(options *Options, folder, home string, postgres *Postgres, kafka *Kafka, events int64, results *Results) error {
	rows := filepath.Join(folder, "rows")
	var consumed, copied, ratios, micros []float64
	for number := range options.rounds {
		if _, err := postgres.Query("TRUNCATE " + eventsTable); err != nil {
			return err
		}
		perSecond, cpu, err := consume(options, home, postgres, kafka, number, events)
		if err != nil {
			return err
		}
		stored, err := postgres.Query("SELECT count(*) FROM " + eventsTable)
		if err != nil {
			return err
		}
		if stored != fmt.Sprint(events) {
			return fmt.Errorf("%d events were acknowledged, and %s are stored", events, stored)
		}
		if number == 0 {
			if _, err := postgres.Query(`\copy (SELECT * FROM ` + eventsTable + `) TO '` + rows + `' (FORMAT binary)`); err != nil {
				return err
			}
		}
		for _, sql := range []string{"TRUNCATE " + eventsTable, "CHECKPOINT"} {
			if _, err := postgres.Query(sql); err != nil {
				return err
			}
		}
		took, err := postgres.Timed(`\copy ` + eventsTable + ` FROM '` + rows + `' (FORMAT binary)`)
		if err != nil {
			return err
		}
		copying := float64(events) / took.Seconds()
		fmt.Printf("round %d: consumer %.0f records/s, %.1f µs a record; COPY %.0f rows/s\n", number+1, perSecond, cpu, copying)
		consumed, copied = append(consumed, perSecond), append(copied, copying)
		ratios, micros = append(ratios, perSecond/copying), append(micros, cpu)
	}
	results.Add("", "consumer from Kafka into PostgreSQL", middle(consumed), "records/s", makeIt)
	results.Add("", "consumer from Kafka into PostgreSQL: its CPU", middle(micros), "µs/record", makeIt)
	results.Add("", "COPY (binary) of the same rows into the same table with the same indexes", middle(copied), "rows/s", makeIt)
	results.Add("consumer-rate-vs-copy", "consumer from Kafka into PostgreSQL, to COPY", middle(ratios), "ratio", makeIt)
	return nil
}

// consume runs a consumer of a group of its own until it has stored all; it answers records a second from the first one on,
// and the processor time of one.
func consume(options *Options, home string, postgres *Postgres, kafka *Kafka, number int, events int64) (float64, float64, error) {
	port, err := freePort()
	if err != nil {
		return 0, 0, err
	}
	address := fmt.Sprintf("127.0.0.1:%d", port)
	consumer, err := Start(fmt.Sprintf("consumer-%d", number), home, []string{
		"DATABASE_URL=" + postgres.URL, "KAFKA_BROKERS=" + kafka.brokers, "GAPIN_DATA_DIR=" + home, "GAPIN_LOG=warn",
		"GAPIN_METRICS_LISTEN=" + address, fmt.Sprintf("GAPIN_CONSUMER_GROUP=peers-%d", number),
	}, options.gapin, "consumer")
	if err != nil {
		return 0, 0, err
	}
	defer consumer.Stop(syscall.SIGTERM)
	if err := consumer.Until("it listens", listens(port)); err != nil {
		return 0, 0, err
	}
	var first time.Time
	var before float64
	deadline := time.Now().Add(carriedWaitMax)
	for time.Now().Before(deadline) {
		done, err := metric("http://"+address+"/metrics", "gapin_consumer_records_total")
		if err != nil {
			return 0, 0, err
		}
		if first.IsZero() && done > 0 {
			first, before = time.Now(), done
		}
		if done >= float64(events) {
			took := time.Since(first)
			cpu, err := consumer.CPU()
			return (done - before) / took.Seconds(), float64(cpu.Microseconds()) / done, err
		}
		time.Sleep(10 * time.Millisecond)
	}
	return 0, 0, fmt.Errorf("the consumer did not store %d events within %v: %s", events, carriedWaitMax, consumer.Said())
}

// metric is the sum over all labels.
func metric(url, name string) (float64, error) {
	answer, err := http.Get(url)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	sum := 0.0
	lines := bufio.NewScanner(answer.Body)
	for lines.Scan() {
		line := lines.Text()
		if !strings.HasPrefix(line, name) {
			continue
		}
		value, err := strconv.ParseFloat(line[strings.LastIndexByte(line, ' ')+1:], 64)
		if err != nil {
			return 0, err
		}
		sum += value
	}
	return sum, lines.Err()
}

func kafkaVersion(jars string) string {
	found, _ := filepath.Glob(filepath.Join(jars, "kafka-server-[0-9]*.jar"))
	if len(found) == 0 {
		return "unknown"
	}
	return strings.TrimSuffix(strings.TrimPrefix(filepath.Base(found[0]), "kafka-server-"), ".jar")
}
