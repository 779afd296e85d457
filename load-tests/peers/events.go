package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"time"
)

// Signer makes events of one AI system from one sample, each signed and none the same.
type Signer struct {
	sample map[string]any
	secret []byte
	made   uint64
}

// NewSigner reads the sample. Numbers stay as they stand there: those of the corpus are canonical already.
func NewSigner(path string, keys Keys) (*Signer, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	sample := map[string]any{}
	if err := decoder.Decode(&sample); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	sample["ai_id"] = keys.AIID
	sample["key_id"] = keys.SigningKeyID
	sample["signature_algorithm"] = "HMAC-SHA256"
	return &Signer{sample: sample, secret: []byte(keys.SigningSecret)}, nil
}

// Make signs so many events.
func (signer *Signer) Make(count int) ([][]byte, error) {
	events := make([][]byte, count)
	for at := range events {
		event, err := signer.next()
		if err != nil {
			return nil, err
		}
		events[at] = event
	}
	return events, nil
}

func (signer *Signer) next() ([]byte, error) {
	signer.made++
	signer.sample["sequence"] = json.Number(fmt.Sprint(signer.made))
	signer.sample["timestamp"] = time.Now().UTC().Format("2006-01-02T15:04:05.000000Z")
	delete(signer.sample, "signature")
	signed, err := canonical(signer.sample)
	if err != nil {
		return nil, err
	}
	mac := hmac.New(sha256.New, signer.secret)
	mac.Write(signed)
	signer.sample["signature"] = hex.EncodeToString(mac.Sum(nil))
	return canonical(signer.sample)
}

// canonical is RFC 8785 for what the corpus's sample holds: names in ASCII, which Go sorts as the RFC does, numbers that
// stand there in their shortest form, and no character that Go would escape and the RFC would not.
func canonical(value any) ([]byte, error) {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(buffer.Bytes(), []byte("\n")), nil
}
