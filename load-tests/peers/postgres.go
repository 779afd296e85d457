package main

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Postgres is a cluster with PostgreSQL's own settings.
type Postgres struct {
	*Process
	URL string
}

// StartPostgres makes a cluster in the folder and runs it.
func StartPostgres(folder string) (*Postgres, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	programs, err := postgresPrograms()
	if err != nil {
		return nil, err
	}
	// PostgreSQL refuses to run as root: then it runs as the user that its package made.
	var as []string
	if os.Geteuid() == 0 {
		if as, err = asPostgres(folder); err != nil {
			return nil, err
		}
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	data := filepath.Join(folder, "data")
	make := append(slices.Clone(as), filepath.Join(programs, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C")
	if said, err := exec.Command(make[0], make[1:]...).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, said)
	}
	run := append(as, filepath.Join(programs, "postgres"), "-D", data, "-p", fmt.Sprint(port), "-h", "127.0.0.1", "-k", "")
	process, err := Start("postgres", folder, nil, run[0], run[1:]...)
	if err != nil {
		return nil, err
	}
	postgres := &Postgres{process, fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres", port)}
	return postgres, process.Until("it takes connections", func() bool {
		_, err := postgres.Query("SELECT 1")
		return err == nil
	})
}

func postgresPrograms() (string, error) {
	if initdb, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(initdb), nil
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return "", fmt.Errorf("there is no PostgreSQL here; mend it with: make services")
	}
	slices.Sort(found)
	return filepath.Dir(found[len(found)-1]), nil
}

func asPostgres(folder string) ([]string, error) {
	owner, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	if err := exec.Command("chown", owner.Uid+":"+owner.Gid, folder).Run(); err != nil {
		return nil, err
	}
	// It must come through the folder above to its own.
	if err := os.Chmod(filepath.Dir(folder), 0o711); err != nil {
		return nil, err
	}
	return []string{"setpriv", "--reuid", owner.Uid, "--regid", owner.Gid, "--clear-groups"}, nil
}

// Query runs SQL, or one of psql's own commands, and answers the rows as text.
func (postgres *Postgres) Query(sql string) (string, error) {
	said, err := exec.Command("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", postgres.URL, "-c", sql).CombinedOutput()
	if err != nil {
		err = fmt.Errorf("psql: %w: %s", err, said)
	}
	return strings.TrimSpace(string(said)), err
}

// Timed runs it and answers how long it took.
func (postgres *Postgres) Timed(sql string) (time.Duration, error) {
	began := time.Now()
	_, err := postgres.Query(sql)
	return time.Since(began), err
}
