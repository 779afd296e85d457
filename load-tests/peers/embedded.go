package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"syscall"
)

const makeIt = "make bench-peers"

// embedded compares GAPIN on its embedded log with NATS JetStream: events that are acknowledged once they are on the disk,
// one by one and in batches. NATS takes any bytes; GAPIN parses, verifies and redacts each event besides.
func embedded(options *Options, folder string) error {
	gateway, err := StartGapin(options.gapin, filepath.Join(folder, "gateway"), "gateway")
	if err != nil {
		return err
	}
	defer gateway.Stop(syscall.SIGTERM)
	whole, err := StartGapin(options.gapin, filepath.Join(folder, "dev"), "dev")
	if err != nil {
		return err
	}
	defer whole.Stop(syscall.SIGTERM)
	always, err := StartNats(options.nats, filepath.Join(folder, "always"), "nats-always", "always")
	if err != nil {
		return err
	}
	defer always.Stop(syscall.SIGTERM)
	byDefault, err := StartNats(options.nats, filepath.Join(folder, "default"), "nats-default", "")
	if err != nil {
		return err
	}
	defer byDefault.Stop(syscall.SIGTERM)

	gapins := map[string]*Gapin{"gapin gateway": gateway, "gapin dev": whole}
	signers, pools := map[string]*Signer{}, map[string][][]byte{}
	for name, gapin := range gapins {
		if signers[name], err = NewSigner(options.sample, gapin.Keys); err != nil {
			return err
		}
		if pools[name], err = signers[name].Make(options.events); err != nil {
			return err
		}
	}
	targets := []Target{
		{"gapin gateway", func() (Sender, error) { return dialGapin(gateway.Keys) }, gateway.Process, false, nil},
		{"nats always", always.dial, always.Process, false, nil},
		{"gapin dev", func() (Sender, error) { return dialGapin(whole.Keys) }, whole.Process, true, nil},
		{"nats default", byDefault.dial, byDefault.Process, false, nil},
	}
	atomic := Target{"nats always, atomic", always.dialAtomic, always.Process, false, nil}
	results := NewResults(options.commit)
	results.Versions["gapin"] = version(options.gapin)
	results.Versions["nats-server"] = version(options.nats)
	for number := range options.rounds {
		for _, batch := range []int{1, options.batch} {
			load := Load{options.connections, batch, options.warmUp, options.duration}
			// What comes first has the others' leftovers on the disk: the order turns around each time.
			order := slices.Clone(targets)
			if batch > 1 {
				order = append(order, atomic)
			}
			if number%2 == 1 {
				slices.Reverse(order)
			}
			for _, target := range order {
				// NATS takes any bytes: the same as the gateway.
				name := "gapin gateway"
				if target.Once {
					name = target.Name
					if pools[name], err = signers[name].Make(options.events); err != nil {
						return err
					}
				}
				measured, err := load.Measure(target, pools[name])
				if err != nil {
					return err
				}
				fmt.Printf("round %d, %3d a request: %-19s %8.0f events/s, server %6.1f µs an event, client %5.1f, others %2.0f %%\n",
					number+1, batch, target.Name, measured.Rate, measured.ServerMicros, measured.ClientMicros, measured.Others*100)
				results.Rounds = append(results.Rounds, measured)
				results.Disturbed = results.Disturbed || measured.Others > othersMax
			}
		}
	}
	for _, batch := range []int{1, options.batch} {
		summary(results, targets, atomic, batch, options.connections)
	}
	return results.Write(options.results, "embedded")
}

func summary(results *Results, targets []Target, atomic Target, batch, connections int) {
	how := fmt.Sprintf("%d connections of single events", connections)
	goal := "embedded-vs-nats-single"
	if batch > 1 {
		how = fmt.Sprintf("%d connections of batches of %d", connections, batch)
		goal = "embedded-vs-nats-batch"
	}
	if batch > 1 {
		targets = append(slices.Clone(targets), atomic)
	}
	for _, target := range targets {
		about := fmt.Sprintf("%s, %s", target.Name, how)
		results.Add("", about+": acknowledged", median(results.Rounds, target.Name, batch, rate), "events/s", makeIt)
		results.Add("", about+": server", median(results.Rounds, target.Name, batch, serverMicros), "µs/event", makeIt)
		results.Add("", about+": client", median(results.Rounds, target.Name, batch, clientMicros), "µs/event", makeIt)
	}
	for _, ours := range []string{"gapin gateway", "gapin dev"} {
		for _, peer := range []string{"nats always", "nats default", atomic.Name} {
			if peer == atomic.Name && batch == 1 {
				continue
			}
			times := ratio(results.Rounds, ours, peer, batch)
			id := ""
			// The goal is of all of GAPIN in one process, which stores the events besides, against a peer that loses none either.
			if ours == "gapin dev" && peer == "nats always" {
				id = goal
			}
			results.Add(id, fmt.Sprintf("%s to %s, %s", ours, peer, how), times, "ratio", makeIt)
		}
	}
}

// ratio is the middle of what each round says by itself: both were measured under the same circumstances there.
func ratio(rounds []Measured, ours, peer string, batch int) float64 {
	of := func(target string) []float64 {
		var rates []float64
		for _, round := range rounds {
			if round.Target == target && round.Batch == batch {
				rates = append(rates, round.Rate)
			}
		}
		return rates
	}
	var ratios []float64
	peers := of(peer)
	for at, rate := range of(ours) {
		ratios = append(ratios, rate/peers[at])
	}
	return middle(ratios)
}
