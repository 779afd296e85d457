package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// Keys is what an AI system needs to record at a gateway.
type Keys struct {
	URL, APIKey, SigningKeyID, SigningSecret, AIID string
}

// Gapin is a running gateway.
type Gapin struct {
	*Process
	Keys Keys
}

// unlimited: what one key may send is not what is measured.
var unlimited = []string{"GAPIN_REQUESTS_PER_MINUTE=off", "GAPIN_EVENTS_PER_DAY=off", "GAPIN_LOG=warn"}

// StartGapin makes keys in a folder of its own, then runs `gapin gateway` there, or `gapin dev`.
func StartGapin(binary, folder, command string, environment ...string) (*Gapin, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	keys, err := makeKeys(binary, folder, environment)
	if err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	keys.URL = fmt.Sprintf("127.0.0.1:%d", port)
	environment = append(environment, unlimited...)
	environment = append(environment, "GAPIN_DATA_DIR="+folder, "GAPIN_LISTEN="+keys.URL)
	process, err := Start("gapin-"+command, folder, environment, binary, command)
	if err != nil {
		return nil, err
	}
	return &Gapin{process, keys}, process.Until("it listens", listens(port))
}

// The first start of `gapin dev` makes an organisation and its keys, and writes them down.
func makeKeys(binary, folder string, environment []string) (Keys, error) {
	environment = append(environment, "GAPIN_DATA_DIR="+folder, "GAPIN_LISTEN=127.0.0.1:0")
	process, err := Start("gapin-keys", folder, environment, binary, "dev")
	if err != nil {
		return Keys{}, err
	}
	var keys Keys
	err = process.Until("its keys are there", func() bool {
		text, err := os.ReadFile(filepath.Join(folder, "dev.env"))
		if err != nil {
			return false
		}
		told := map[string]string{}
		for _, line := range strings.Split(string(text), "\n") {
			if name, value, found := strings.Cut(line, "="); found {
				told[name] = strings.Trim(value, `'"`)
			}
		}
		keys = Keys{
			APIKey: told["GAPIN_API_KEY"], SigningKeyID: told["GAPIN_SIGNING_KEY_ID"],
			SigningSecret: told["GAPIN_SIGNING_SECRET"], AIID: told["GAPIN_AI_ID"],
		}
		return keys.AIID != "" && strings.Contains(process.Said(), "gateway ")
	})
	process.Stop(syscall.SIGTERM)
	return keys, err
}

// version of the program, for the results.
func version(binary string) string {
	output, err := exec.Command(binary, "--version").Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(output))
}

// httpSender posts events over one kept connection. Written for this: net/http's client costs more than a gateway does.
type httpSender struct {
	keys       Keys
	connection net.Conn
	reader     *bufio.Reader
	request    bytes.Buffer
}

func dialGapin(keys Keys) (Sender, error) {
	connection, err := net.Dial("tcp", keys.URL)
	if err != nil {
		return nil, err
	}
	return &httpSender{keys: keys, connection: connection, reader: bufio.NewReaderSize(connection, 64<<10)}, nil
}

func (sender *httpSender) Close() { _ = sender.connection.Close() }

// Send posts the events in one request, and returns once all are acknowledged.
func (sender *httpSender) Send(events [][]byte) error {
	length := len(events[0])
	if len(events) > 1 {
		length = 1 + len(events)
		for _, event := range events {
			length += len(event)
		}
	}
	request := &sender.request
	request.Reset()
	fmt.Fprintf(request, "POST /aibbar/events HTTP/1.1\r\nHost: gapin\r\nAuthorization: Bearer %s\r\n"+
		"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n", sender.keys.APIKey, length)
	if len(events) == 1 {
		request.Write(events[0])
	} else {
		for at, event := range events {
			request.WriteByte("[,"[min(at, 1)])
			request.Write(event)
		}
		request.WriteByte(']')
	}
	if _, err := sender.connection.Write(request.Bytes()); err != nil {
		return err
	}
	return sender.accepted(len(events))
}

func (sender *httpSender) accepted(events int) error {
	status, err := sender.reader.ReadString('\n')
	if err != nil {
		return err
	}
	length := 0
	for {
		line, err := sender.reader.ReadString('\n')
		if err != nil {
			return err
		}
		name, value, found := strings.Cut(strings.TrimSpace(line), ":")
		if !found {
			break
		}
		if strings.EqualFold(name, "content-length") {
			if length, err = strconv.Atoi(strings.TrimSpace(value)); err != nil {
				return err
			}
		}
	}
	body := make([]byte, length)
	if _, err := io.ReadFull(sender.reader, body); err != nil {
		return err
	}
	// 202 is said when all are on the disk, and of nothing less.
	if !strings.HasPrefix(status, "HTTP/1.1 202 ") {
		return fmt.Errorf("%d events: %s: %.300s", events, strings.TrimSpace(status), body)
	}
	return nil
}
