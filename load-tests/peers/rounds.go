package main

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Sender sends events over one connection, and returns once all of them are acknowledged.
type Sender interface {
	Send(events [][]byte) error
	Close()
}

// Target is what is measured.
type Target struct {
	Name   string
	Dial   func() (Sender, error)
	Server *Process
	// Whether no event may be sent twice: one that is stored already is cheaper. Then a round ends with the last event.
	Once bool
	// Servers that it stands on: what they take is no disturbance.
	Beneath []*Process
}

// Load is how it is measured.
type Load struct {
	Connections, Batch int
	WarmUp, Duration   time.Duration
}

// Measured is one round.
type Measured struct {
	Target string `json:"target"`
	Batch  int    `json:"batch"`
	// Everything that was acknowledged, the warm-up's too.
	acknowledged int64
	// Acknowledged events a second, all connections.
	Rate float64 `json:"rate"`
	// Processor time of the server for one event, until the server is at rest again: what it does later counts too.
	ServerMicros float64 `json:"server_us"`
	// Processor time of this program for one event.
	ClientMicros float64 `json:"client_us"`
	// The share of the machine's processors that others took meanwhile.
	Others float64 `json:"others"`
}

const (
	// A server is at rest when it takes less than this share of one processor for so long.
	restShare   = 0.10
	restFor     = 500 * time.Millisecond
	restWaitMax = 60 * time.Second
)

// Measure has every connection send one request after another for the time of the load.
func (load Load) Measure(target Target, events [][]byte) (Measured, error) {
	senders := make([]Sender, load.Connections)
	for at := range senders {
		sender, err := target.Dial()
		if err != nil {
			return Measured{}, fmt.Errorf("%s: %w", target.Name, err)
		}
		defer sender.Close()
		senders[at] = sender
	}
	var next atomic.Int64
	take := func() [][]byte {
		first := int(next.Add(int64(load.Batch))) - load.Batch
		if target.Once && first+load.Batch > len(events) {
			return nil
		}
		first %= len(events) - load.Batch + 1
		return events[first : first+load.Batch]
	}
	warmedUp, err := send(senders, take, load.WarmUp)
	if err != nil {
		return Measured{}, fmt.Errorf("%s: %w", target.Name, err)
	}
	if err := rest(target.Server); err != nil {
		return Measured{}, err
	}
	serverBefore, err := target.Server.CPU()
	if err != nil {
		return Measured{}, err
	}
	beneathBefore := cpuOf(target.Beneath)
	began, ownBefore, machineBefore := time.Now(), ownCPU(), machineBusy()
	acknowledged, err := send(senders, take, load.Duration)
	if err != nil {
		return Measured{}, fmt.Errorf("%s: %w", target.Name, err)
	}
	took, own, machine := time.Since(began), ownCPU()-ownBefore, machineBusy()-machineBefore
	serverDuring, err := target.Server.CPU()
	if err != nil {
		return Measured{}, err
	}
	others := machine - own - (serverDuring - serverBefore) - (cpuOf(target.Beneath) - beneathBefore)
	if err := rest(target.Server); err != nil {
		return Measured{}, err
	}
	serverAfter, err := target.Server.CPU()
	if err != nil {
		return Measured{}, err
	}
	if acknowledged == 0 {
		return Measured{}, fmt.Errorf("%s: nothing was left after the warm-up: sign more events", target.Name)
	}
	count := float64(acknowledged)
	return Measured{
		Target: target.Name, Batch: load.Batch, acknowledged: warmedUp + acknowledged,
		Rate:         count / took.Seconds(),
		ServerMicros: float64((serverAfter - serverBefore).Microseconds()) / count,
		ClientMicros: float64(own.Microseconds()) / count,
		Others:       others.Seconds() / took.Seconds() / processors,
	}, nil
}

func cpuOf(processes []*Process) (sum time.Duration) {
	for _, process := range processes {
		// One that has ended is found out by whoever needs it.
		cpu, _ := process.CPU()
		sum += cpu
	}
	return sum
}

func send(senders []Sender, take func() [][]byte, duration time.Duration) (int64, error) {
	var acknowledged atomic.Int64
	var failure atomic.Value
	var all sync.WaitGroup
	until := time.Now().Add(duration)
	for _, sender := range senders {
		all.Go(func() {
			for time.Now().Before(until) && failure.Load() == nil {
				events := take()
				if events == nil {
					return
				}
				if err := sender.Send(events); err != nil {
					failure.Store(err)
					return
				}
				acknowledged.Add(int64(len(events)))
			}
		})
	}
	all.Wait()
	err, _ := failure.Load().(error)
	return acknowledged.Load(), err
}

// rest waits until the server does nothing more: what it does for one round must not weigh on the next.
func rest(server *Process) error {
	deadline := time.Now().Add(restWaitMax)
	for time.Now().Before(deadline) {
		before, err := server.CPU()
		if err != nil {
			return err
		}
		time.Sleep(restFor)
		after, err := server.CPU()
		if err != nil {
			return err
		}
		if (after - before).Seconds() < restShare*restFor.Seconds() {
			return nil
		}
	}
	return fmt.Errorf("%s was not at rest within %v", server.name, restWaitMax)
}

// median of some figure of the rounds of one target.
func median(rounds []Measured, target string, batch int, figure func(Measured) float64) float64 {
	var figures []float64
	for _, round := range rounds {
		if round.Target == target && round.Batch == batch {
			figures = append(figures, figure(round))
		}
	}
	return middle(figures)
}

func middle(figures []float64) float64 {
	if len(figures) == 0 {
		return 0
	}
	slices.Sort(figures)
	if half := len(figures) / 2; len(figures)%2 == 0 {
		return (figures[half-1] + figures[half]) / 2
	}
	return figures[len(figures)/2]
}

func rate(round Measured) float64         { return round.Rate }
func serverMicros(round Measured) float64 { return round.ServerMicros }
func clientMicros(round Measured) float64 { return round.ClientMicros }
