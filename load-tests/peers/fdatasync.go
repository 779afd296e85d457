package main

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

func makeAbsolute(path *string) (err error) {
	*path, err = filepath.Abs(*path)
	return err
}

// fdatasync measures what the disk itself asks for the bytes of the events: one write, one fdatasync, and again.
func fdatasync(options *Options, folder string) error {
	signer, err := NewSigner(options.sample, Keys{SigningKeyID: "default", AIID: "3f2b8c1e-6d4a-4e9b-8a57-0c1d2e3f4a5b"})
	if err != nil {
		return err
	}
	event, err := signer.next()
	if err != nil {
		return err
	}
	results := NewResults(options.commit)
	for _, events := range []int{1, 64, options.batch, 64 * options.batch} {
		var rates []float64
		for range options.rounds {
			perSecond, err := synced(filepath.Join(folder, "bytes"), events*len(event), options.duration)
			if err != nil {
				return err
			}
			rates = append(rates, perSecond)
		}
		about := fmt.Sprintf("fdatasync of the bytes of %d events at once", events)
		results.Add("", about, middle(rates), "syncs/s", makeIt)
		results.Add("", about+": events", middle(rates)*float64(events), "events/s", makeIt)
	}
	return results.Write(options.results, "fdatasync")
}

func synced(path string, size int, duration time.Duration) (float64, error) {
	file, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	bytes := make([]byte, size)
	began, count := time.Now(), 0
	for time.Since(began) < duration {
		if _, err := file.Write(bytes); err != nil {
			return 0, err
		}
		if err := syscall.Fdatasync(int(file.Fd())); err != nil {
			return 0, err
		}
		count++
	}
	return float64(count) / time.Since(began).Seconds(), nil
}
