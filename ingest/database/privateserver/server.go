// Package privateserver starts database servers of one's own, for tests and
// measurements: real ones, in a temporary folder, reached by a socket in it.
//
// Invariant: nothing outside the folder is touched, no port is opened, and Stop leaves
// neither process nor folder. After an error of a start, nothing is left either.
package privateserver

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	_ "github.com/go-sql-driver/mysql" // for Server.Admin
	_ "github.com/jackc/pgx/v5/stdlib"
)

// Password of the users of both servers: with what addresses, quotes and shells
// treat in their own way.
const Password = `s3cr:t/'p@ss%41 é`

// MissingError says that the programs of a server are not on this machine.
type MissingError struct{ Package string } // of Debian

func (e *MissingError) Error() string {
	return "the server is missing: apt-get install " + e.Package
}

// Server is a running server. The caller stops it.
type Server struct {
	DSN   string  // of the user reader, in the writing of Go's driver
	Admin *sql.DB // as the superuser

	folder string
	as     []string       // before each command: to run it as the server's own user
	undo   []func() error // in the order of starting
}

// Postgres starts a PostgreSQL server; a *MissingError where there is none.
func Postgres(ctx context.Context) (_ *Server, err error) {
	bin, err := programs("postgresql", "postgres", "/usr/lib/postgresql/*/bin")
	if err != nil {
		return nil, err
	}
	s := &Server{}
	defer s.undone(&err)
	if err := s.home("postgres"); err != nil {
		return nil, err
	}
	data, secret := filepath.Join(s.folder, "data"), filepath.Join(s.folder, "password")
	if err := os.WriteFile(secret, []byte(Password+"\n"), 0o644); err != nil {
		return nil, err
	}
	if err := s.run(ctx, filepath.Join(bin, "initdb"), "-D", data, "-U", "admin", "--pwfile="+secret, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-sync"); err != nil {
		return nil, err
	}
	// pg_ctl would wait for the end of a server that inherits its output
	log, err := s.start(filepath.Join(bin, "postgres"), "-D", data, "-k", s.folder, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=20")
	if err != nil {
		return nil, err
	}
	dsn := func(user string) string {
		return fmt.Sprintf("host=%s port=5432 user=%s dbname=postgres password='%s'", s.folder, user, strings.ReplaceAll(Password, "'", `\'`))
	}
	if s.Admin, err = s.connect(ctx, "pgx", dsn("admin"), log); err != nil {
		return nil, err
	}
	s.DSN = dsn("reader")
	return s, s.execute(ctx,
		"create role reader login password "+quote(Password),
		"grant select on all tables in schema public to reader",
		"alter default privileges in schema public grant all on tables to reader")
}

// MariaDB starts a MariaDB server; a *MissingError where there is none.
func MariaDB(ctx context.Context) (_ *Server, err error) {
	bin, err := programs("mariadb-server", "mariadbd", "/usr/sbin")
	if err != nil {
		return nil, err
	}
	s := &Server{}
	defer s.undone(&err)
	if err := s.home("mysql"); err != nil {
		return nil, err
	}
	data, socket := filepath.Join(s.folder, "data"), filepath.Join(s.folder, "socket")
	if err := s.run(ctx, "mariadb-install-db", "--no-defaults", "--datadir="+data, "--skip-test-db", "--auth-root-authentication-method=normal"); err != nil {
		return nil, err
	}
	log, err := s.start(filepath.Join(bin, "mariadbd"), "--no-defaults", "--datadir="+data, "--socket="+socket, "--skip-networking",
		"--pid-file="+filepath.Join(s.folder, "pid"), "--innodb-flush-log-at-trx-commit=0", "--character-set-server=utf8mb4")
	if err != nil {
		return nil, err
	}
	if s.Admin, err = s.connect(ctx, "mysql", "root@unix("+socket+")/", log); err != nil {
		return nil, err
	}
	if err := s.execute(ctx, "create database erp", "create user reader@localhost identified by "+quote(Password), "grant all on erp.* to reader@localhost"); err != nil {
		return nil, err
	}
	s.DSN = "reader:" + Password + "@unix(" + socket + ")/erp"
	s.Admin, err = s.connect(ctx, "mysql", "root@unix("+socket+")/erp", log)
	return s, err
}

// URL writes the DSN of a PostgreSQL server as an address.
func (s *Server) URL() string {
	host, _, _ := strings.Cut(strings.TrimPrefix(s.DSN, "host="), " ")
	u := url.URL{Scheme: "postgres", User: url.UserPassword("reader", Password), Path: "/postgres", RawQuery: "host=" + url.QueryEscape(host)}
	return u.String()
}

// Stop ends the server and removes its folder.
func (s *Server) Stop() error {
	var problems []error
	for _, undo := range slices.Backward(s.undo) {
		problems = append(problems, undo())
	}
	s.undo = nil
	return errors.Join(problems...)
}

// undone stops a server whose start failed.
func (s *Server) undone(err *error) {
	if *err != nil {
		*err = errors.Join(*err, s.Stop())
	}
}

func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// programs finds the folder of a server's program.
func programs(debian, program, pattern string) (string, error) {
	found, err := filepath.Glob(filepath.Join(pattern, program))
	if err != nil {
		return "", err
	}
	if len(found) == 0 {
		return "", &MissingError{Package: debian}
	}
	return filepath.Dir(found[len(found)-1]), nil
}

// home makes the folder. Servers do not run as root: then it belongs to their own user.
func (s *Server) home(name string) (err error) {
	if s.folder, err = os.MkdirTemp("", "encours-"+name+"-"); err != nil { // short: a socket has a short path
		return err
	}
	s.undo = append(s.undo, func() error { return os.RemoveAll(s.folder) })
	if os.Getuid() != 0 {
		return nil
	}
	owner, err := user.Lookup(name)
	if err != nil {
		return err
	}
	uid, uidErr := strconv.Atoi(owner.Uid)
	gid, gidErr := strconv.Atoi(owner.Gid)
	if err := errors.Join(uidErr, gidErr); err != nil {
		return fmt.Errorf("read the numbers of user %s: %w", name, err)
	}
	s.as = []string{"setpriv", "--reuid=" + owner.Uid, "--regid=" + owner.Gid, "--clear-groups", "--"}
	return os.Chown(s.folder, uid, gid)
}

func (s *Server) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	all := append(append(slices.Clone(s.as), name), args...)
	cmd := exec.CommandContext(ctx, all[0], all[1:]...)
	cmd.Dir = os.TempDir()
	return cmd
}

func (s *Server) run(ctx context.Context, name string, args ...string) error {
	if out, err := s.command(ctx, name, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", name, err, out)
	}
	return nil
}

// start runs a server until Stop, and returns what it prints.
func (s *Server) start(name string, args ...string) (*strings.Builder, error) {
	log := &strings.Builder{}
	cmd := s.command(context.Background(), name, args...) // ended by Stop, gently
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s.undo = append(s.undo, func() error {
		_ = cmd.Process.Signal(syscall.SIGINT) // PostgreSQL: end now
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait() // the signal is its result
		return nil
	})
	return log, nil
}

// connect waits until the server answers.
func (s *Server) connect(ctx context.Context, driver, dsn string, log *strings.Builder) (*sql.DB, error) {
	db, err := sql.Open(driver, dsn)
	if err != nil {
		return nil, err
	}
	s.undo = append(s.undo, db.Close)
	ctx, stop := context.WithTimeout(ctx, time.Minute)
	defer stop()
	for {
		err := db.PingContext(ctx)
		if err == nil {
			return db, nil
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("the server does not answer: %w\n%s", err, log)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (s *Server) execute(ctx context.Context, statements ...string) error {
	for _, statement := range statements {
		if _, err := s.Admin.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}
