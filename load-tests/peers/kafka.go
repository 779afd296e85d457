package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Kafka is one broker in KRaft mode, with the JVM's own settings but for its memory.
type Kafka struct {
	*Process
	jars, brokers, logging string
}

// StartKafka formats a folder and runs a broker there.
func StartKafka(jars, folder string) (*Kafka, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	controller, err := freePort()
	if err != nil {
		return nil, err
	}
	settings := filepath.Join(folder, "server.properties")
	logging := filepath.Join(folder, "log4j2.properties")
	files := map[string]string{
		settings: fmt.Sprintf(`process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:%[2]d
listeners=PLAINTEXT://127.0.0.1:%[1]d,CONTROLLER://127.0.0.1:%[2]d
advertised.listeners=PLAINTEXT://127.0.0.1:%[1]d,CONTROLLER://127.0.0.1:%[2]d
controller.listener.names=CONTROLLER
log.dirs=%[3]s
auto.create.topics.enable=false
default.replication.factor=1
min.insync.replicas=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
group.initial.rebalance.delay.ms=0
`, port, controller, filepath.Join(folder, "data")),
		logging: "rootLogger = WARN, out\nappender.out.type = Console\nappender.out.name = out\n",
	}
	for file, text := range files {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			return nil, err
		}
	}
	kafka := &Kafka{jars: jars, brokers: fmt.Sprintf("127.0.0.1:%d", port), logging: logging}
	format := kafka.java("kafka.tools.StorageTool", "format", "-t", "Z2FwaW4tcGVlcnMtMDAwMQ", "-c", settings, "--standalone")
	if said, err := exec.Command("java", format...).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("kafka could not format its folder: %w: %s", err, said)
	}
	kafka.Process, err = Start("kafka", folder, nil, "java", kafka.java("kafka.Kafka", settings)...)
	if err != nil {
		return nil, err
	}
	return kafka, kafka.Until("it takes topics", func() bool { return kafka.makeTopic("peers.ready") == nil })
}

func (kafka *Kafka) java(class string, arguments ...string) []string {
	return append([]string{"-Xms512m", "-Xmx512m", "-Dlog4j2.configurationFile=" + kafka.logging,
		"-cp", filepath.Join(kafka.jars, "*"), class}, arguments...)
}

// makeTopic makes a topic of as many partitions as the gateway's own.
func (kafka *Kafka) makeTopic(name string) error {
	_, err := kafka.tool("org.apache.kafka.tools.TopicCommand", "--bootstrap-server", kafka.brokers,
		"--create", "--topic", name, "--partitions", "10")
	return err
}

// tool runs one of Kafka's own programs.
func (kafka *Kafka) tool(class string, arguments ...string) (string, error) {
	said, err := exec.Command("java", kafka.java(class, arguments...)...).CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%s: %w: %s", class, err, said)
	}
	return strings.TrimSpace(string(said)), err
}
