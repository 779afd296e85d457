package main

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	startedWaitMax = 60 * time.Second
	endedWaitMax   = 30 * time.Second
	// Of /proc: the kernel counts processor time in hundredths of a second, whatever its own clock.
	ticksPerSecond = 100
)

// Process is a server that this program started.
type Process struct {
	name    string
	command *exec.Cmd
	log     *os.File
	ended   chan struct{}
}

// Start runs a program with its own environment; what it says goes to a file in the folder.
func Start(name, folder string, environment []string, program string, arguments ...string) (*Process, error) {
	log, err := os.Create(filepath.Join(folder, name+".log"))
	if err != nil {
		return nil, err
	}
	command := exec.Command(program, arguments...)
	command.Dir, command.Stdout, command.Stderr = folder, log, log
	command.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "LC_ALL=C.UTF-8"}, environment...)
	// It ends with this program, however that ends.
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := command.Start(); err != nil {
		return nil, errors.Join(err, log.Close())
	}
	process := &Process{name: name, command: command, log: log, ended: make(chan struct{})}
	go func() {
		_ = command.Wait()
		close(process.ended)
	}()
	return process, nil
}

// Until waits for a condition, and gives up when the process ended or it takes too long.
func (process *Process) Until(what string, condition func() bool) error {
	deadline := time.Now().Add(startedWaitMax)
	for !condition() {
		select {
		case <-process.ended:
			return fmt.Errorf("%s ended before %s: %s", process.name, what, process.Said())
		case <-time.After(20 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%s: not within %v: %s", process.name, startedWaitMax, what)
		}
	}
	return nil
}

// Said is the end of what it said.
func (process *Process) Said() string {
	text, _ := os.ReadFile(process.log.Name())
	return string(text[max(0, len(text)-2000):])
}

// Stop asks it to end, and waits for that.
func (process *Process) Stop(signal syscall.Signal) {
	_ = process.command.Process.Signal(signal)
	select {
	case <-process.ended:
	case <-time.After(endedWaitMax):
		_ = process.command.Process.Kill()
		<-process.ended
	}
	_ = process.log.Close()
}

// CPU is the processor time of the process so far, all threads, in user and kernel; of its children too where it has any.
func (process *Process) CPU() (time.Duration, error) {
	pids := append([]int{process.command.Process.Pid}, children(process.command.Process.Pid)...)
	sum := time.Duration(0)
	for _, pid := range pids {
		ticks, err := ticksOf(pid)
		if err != nil && pid == process.command.Process.Pid {
			return 0, err
		}
		sum += ticks
	}
	return sum, nil
}

func ticksOf(pid int) (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	// The name stands in brackets and may hold anything; after it come the state, and the numbers from the fourth on.
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	ticks := 0
	for _, field := range fields[11:15] { // its own, and of children that have ended
		number, err := strconv.Atoi(field)
		if err != nil {
			return 0, err
		}
		ticks += number
	}
	return time.Duration(ticks) * time.Second / ticksPerSecond, nil
}

func children(pid int) []int {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	var found []int
	for _, field := range strings.Fields(string(text)) {
		if child, err := strconv.Atoi(field); err == nil {
			found = append(found, child)
		}
	}
	return found
}

// ownCPU is the processor time of this program.
func ownCPU() time.Duration {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// machineBusy is the processor time that all of the machine was busy, or that its host took away.
func machineBusy() time.Duration {
	text, _ := os.ReadFile("/proc/stat")
	line, _, _ := strings.Cut(string(text), "\n")
	fields := strings.Fields(line)
	ticks := 0
	for at, field := range fields {
		if at == 0 || at == 4 || at == 5 || at > 8 { // the name; idle and waiting for a disk; guests, counted already
			continue
		}
		number, _ := strconv.Atoi(field)
		ticks += number
	}
	return time.Duration(ticks) * time.Second / ticksPerSecond
}

// freePort is a port of the loopback that nobody has now.
func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

func listens(port int) func() bool {
	return func() bool {
		connection, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			_ = connection.Close()
		}
		return err == nil
	}
}
