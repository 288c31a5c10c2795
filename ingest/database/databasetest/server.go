// Package databasetest starts private database servers for tests: real ones, in a
// temporary folder, reached by a socket in it, stopped and removed when the test
// ends.
//
// Invariant: where the programs of a server are missing the test is skipped with
// the package to install named, and fails where the variable CI is true.
package databasetest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	_ "github.com/go-sql-driver/mysql" // for Server.Admin
	_ "github.com/jackc/pgx/v5/stdlib"
)

// Password of the users of both servers: with what addresses, quotes and shells
// treat in their own way.
const Password = `s3cr:t/'p@ss%41 é`

// Server is a running server.
type Server struct {
	DSN   string  // of the user reader, in the writing of Go's driver
	Admin *sql.DB // as the superuser
}

// Postgres starts a PostgreSQL server.
func Postgres(t testing.TB) Server {
	t.Helper()
	bin := programs(t, "postgresql", "postgres", "/usr/lib/postgresql/*/bin")
	dir, as := home(t, "postgres")
	data := filepath.Join(dir, "data")
	secret := filepath.Join(dir, "password")
	write(t, secret, Password+"\n")
	run(t, as, filepath.Join(bin, "initdb"), "-D", data, "-U", "admin", "--pwfile="+secret, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-sync")
	// pg_ctl would wait for the end of a server that inherits its output
	server := start(t, as, filepath.Join(bin, "postgres"), "-D", data, "-k", dir, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=20")
	dsn := func(user string) string {
		return fmt.Sprintf("host=%s port=5432 user=%s dbname=postgres password='%s'", dir, user, strings.ReplaceAll(Password, "'", `\'`))
	}
	admin := connect(t, "pgx", dsn("admin"), server)
	execute(t, admin,
		"create role reader login password "+quote(Password),
		"grant select on all tables in schema public to reader",
		"alter default privileges in schema public grant all on tables to reader")
	return Server{DSN: dsn("reader"), Admin: admin}
}

// MariaDB starts a MariaDB server.
func MariaDB(t testing.TB) Server {
	t.Helper()
	bin := programs(t, "mariadb-server", "mariadbd", "/usr/sbin")
	dir, as := home(t, "mysql")
	data, socket := filepath.Join(dir, "data"), filepath.Join(dir, "socket")
	run(t, as, "mariadb-install-db", "--no-defaults", "--datadir="+data, "--skip-test-db", "--auth-root-authentication-method=normal")
	server := start(t, as, filepath.Join(bin, "mariadbd"), "--no-defaults", "--datadir="+data, "--socket="+socket, "--skip-networking",
		"--pid-file="+filepath.Join(dir, "pid"), "--innodb-flush-log-at-trx-commit=0", "--character-set-server=utf8mb4")
	admin := connect(t, "mysql", "root@unix("+socket+")/", server)
	execute(t, admin,
		"create database erp", "create user reader@localhost identified by "+quote(Password), "grant all on erp.* to reader@localhost")
	execute(t, admin, "use erp")
	return Server{DSN: "reader:" + Password + "@unix(" + socket + ")/erp", Admin: connect(t, "mysql", "root@unix("+socket+")/erp", server)}
}

// URL writes the DSN of a PostgreSQL server as an address.
func (s Server) URL() string {
	host, _, _ := strings.Cut(strings.TrimPrefix(s.DSN, "host="), " ")
	u := url.URL{Scheme: "postgres", User: url.UserPassword("reader", Password), Path: "/postgres", RawQuery: "host=" + url.QueryEscape(host)}
	return u.String()
}

func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// programs finds the folder of a server's program.
func programs(t testing.TB, debian, program, pattern string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(pattern, program))
	if err == nil && len(found) > 0 {
		return filepath.Dir(found[len(found)-1])
	}
	message := fmt.Sprintf("the server is missing: apt-get install %s", debian)
	if os.Getenv("CI") == "true" {
		t.Fatal(message)
	}
	t.Skip(message)
	return ""
}

// home makes the folder of a server. Servers do not run as root: then it belongs to
// their own user, and as is the prefix of commands that run as that user.
func home(t testing.TB, name string) (dir string, as []string) {
	t.Helper()
	dir, err := os.MkdirTemp("", "encours-"+name+"-") // short: a socket has a short path
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if os.Getuid() != 0 {
		return dir, nil
	}
	owner, err := user.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	uid, uidErr := strconv.Atoi(owner.Uid)
	gid, gidErr := strconv.Atoi(owner.Gid)
	if uidErr != nil || gidErr != nil {
		t.Fatalf("the user %s has the numbers %q and %q", name, owner.Uid, owner.Gid)
	}
	if err := os.Chown(dir, uid, gid); err != nil {
		t.Fatal(err)
	}
	return dir, []string{"setpriv", "--reuid=" + owner.Uid, "--regid=" + owner.Gid, "--clear-groups", "--"}
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func command(as []string, name string, args ...string) *exec.Cmd {
	all := append(append([]string{}, as...), append([]string{name}, args...)...)
	cmd := exec.Command(all[0], all[1:]...)
	cmd.Dir = os.TempDir()
	return cmd
}

func run(t testing.TB, as []string, name string, args ...string) {
	t.Helper()
	if out, err := command(as, name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

// start runs a server until the test ends, and returns what it prints.
func start(t testing.TB, as []string, name string, args ...string) *strings.Builder {
	t.Helper()
	log := &strings.Builder{}
	cmd := command(as, name, args...)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGINT) // PostgreSQL: end now
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait() // the signal is its result
	})
	return log
}

// connect waits until the server answers.
func connect(t testing.TB, driver, dsn string, log *strings.Builder) *sql.DB {
	t.Helper()
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	for {
		err := db.PingContext(ctx)
		if err == nil {
			return db
		}
		select {
		case <-ctx.Done():
			t.Fatalf("the server does not answer: %v\n%s", err, log)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func execute(t testing.TB, db *sql.DB, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}
