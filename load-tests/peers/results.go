package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"time"
)

// Row is one figure, as docs/performance.md shows it.
type Row struct {
	Row     string  `json:"row"`
	What    string  `json:"what"`
	Value   float64 `json:"value"`
	Unit    string  `json:"unit"`
	Command string  `json:"command"`
}

// Results is one file of load-tests/results.
type Results struct {
	Date    string         `json:"date"`
	Commit  string         `json:"commit"`
	Machine map[string]any `json:"machine"`
	// What was compared, with its version and settings.
	Versions map[string]string `json:"versions"`
	// Whether others took much of the machine meanwhile: then ratios may be off, and rates are.
	Disturbed bool       `json:"disturbed"`
	Rows      []Row      `json:"rows"`
	Rounds    []Measured `json:"rounds,omitempty"`
}

// A run during which others took more than this share of the processors is called disturbed.
const othersMax = 0.10

var notOfNames = regexp.MustCompile("[^a-z0-9]+")

var processors = float64(runtime.NumCPU())

// NewResults begins a file.
func NewResults(commit string) *Results {
	return &Results{
		Date: time.Now().UTC().Format(time.DateOnly), Commit: commit, Machine: machine(), Versions: map[string]string{},
	}
}

// Add keeps one figure, and shows it. A row of the page's goals has its name there; of others, what they are is the name.
func (results *Results) Add(row, what string, value float64, unit, command string) {
	if row == "" {
		row = "peers-" + strings.Trim(notOfNames.ReplaceAllString(strings.ToLower(what), "-"), "-")
	}
	results.Rows = append(results.Rows, Row{row, what, round(value), unit, command})
	fmt.Printf("%-64s %12.6g %s\n", what, round(value), unit)
}

// Three decimals are more than is known.
func round(value float64) float64 { return float64(int64(value*1000+0.5)) / 1000 }

// Write writes the file; a run of another kind has another name.
func (results *Results) Write(folder, name string) error {
	text, err := json.MarshalIndent(results, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	file := filepath.Join(folder, "peers-"+name+".json")
	if err := os.WriteFile(file, append(text, '\n'), 0o644); err != nil {
		return err
	}
	fmt.Println("written:", file)
	if results.Disturbed {
		fmt.Println("others took much of this machine meanwhile: repeat it when it is quiet")
	}
	return nil
}

func commit() string {
	output, err := exec.Command("git", "rev-parse", "--short=10", "HEAD").Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(output))
}

// What the figures depend on, and nothing that tells whose machine it is.
func machine() map[string]any {
	facts := map[string]any{"system": runtime.GOOS + " " + runtime.GOARCH, "cores": runtime.NumCPU()}
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for _, line := range strings.Split(string(text), "\n") {
			name, value, _ := strings.Cut(line, ":")
			switch strings.TrimSpace(name) {
			case "model name":
				facts["cpu"] = strings.TrimSpace(value)
			case "flags":
				facts["sha_instructions"] = strings.Contains(value, " sha_ni")
			}
		}
	}
	if text, err := os.ReadFile("/proc/meminfo"); err == nil {
		var kib int64
		if _, err := fmt.Sscanf(string(text), "MemTotal: %d kB", &kib); err == nil {
			facts["memory_mib"] = kib / 1024
		}
	}
	return facts
}
