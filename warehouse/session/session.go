package session

import (
	"container/list"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/encours/encours/warehouse/duck"
)

// maxSessions is how many dates one instance keeps views for.
const maxSessions = 64

// Session is one generation at one as-of date. It is safe for concurrent use and
// valid while its generation is pinned.
type Session struct {
	instance *instance
	asOf     time.Time
	path     string // search_path
}

// sessions are the schemas of one instance, the least recently used dropped
// first. A schema that is in use is not dropped.
type sessions struct {
	instance *instance

	mu    sync.Mutex
	byDay map[string]*list.Element
	order *list.List // front: most recently used
}

type entry struct {
	day, schema string
	users       int
}

func newSessions(i *instance) *sessions {
	return &sessions{instance: i, byDay: map[string]*list.Element{}, order: list.New()}
}

// Session returns the generation at an as-of date; the zero date is that of the
// generation itself, whose marts are read as they were built. release lets the
// session go.
func (g *Generation) Session(ctx context.Context, asOf time.Time) (s *Session, release func(), err error) {
	if asOf.IsZero() || asOf.Equal(g.manifest.AsOf.Time) {
		return &Session{instance: g.instance, asOf: g.manifest.AsOf.Time, path: "warehouse.main"}, func() {}, nil
	}
	return g.sessions.at(ctx, asOf)
}

func (ss *sessions) at(ctx context.Context, asOf time.Time) (*Session, func(), error) {
	day := asOf.Format(time.DateOnly)
	ss.mu.Lock()
	defer ss.mu.Unlock()
	element, ok := ss.byDay[day]
	if !ok {
		schema := "as_of_" + asOf.Format("20060102")
		if err := ss.create(ctx, schema, day); err != nil {
			return nil, nil, err
		}
		element = ss.order.PushFront(&entry{day: day, schema: schema})
		ss.byDay[day] = element
	}
	ss.order.MoveToFront(element)
	e := element.Value.(*entry)
	e.users++
	release := sync.OnceFunc(func() {
		ss.mu.Lock()
		defer ss.mu.Unlock()
		e.users--
	})
	if err := ss.evict(ctx); err != nil {
		release()
		return nil, nil, err
	}
	return &Session{instance: ss.instance, asOf: asOf, path: "memory." + e.schema + ",warehouse.main"}, release, nil
}

// create makes the schema of a date: params with that date, and everything
// downstream of it as views from the same SQL files. A view binds the names in it each
// time that it is read, in its own schema first.
func (ss *sessions) create(ctx context.Context, schema, day string) (err error) {
	models, err := ss.instance.Models(ctx)
	if err != nil {
		return fmt.Errorf("open session %s: %w", day, err)
	}
	conn, err := ss.instance.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("open session %s: %w", day, err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	run := func(query string, args ...any) error {
		if err != nil {
			return err
		}
		_, err = conn.ExecContext(ctx, query, args...)
		return err
	}
	run("drop schema if exists memory." + schema + " cascade")
	run("create schema memory." + schema)
	run("set search_path = 'memory." + schema + ",warehouse.main'")
	run("create table memory." + schema + ".params as select * from warehouse.main.params")
	run("update memory."+schema+".params set as_of = ?::date", day)
	// the last first: what a view reads is not here yet, so that it is bound to the built
	// table now, at once, and through all the views below it only when it is read
	for _, model := range slices.Backward(models.Downstream("params")) {
		run("create view memory." + schema + "." + model.Name + " as " + model.SQL)
	}
	if err != nil {
		return fmt.Errorf("open session %s: %w", day, err)
	}
	return nil
}

func (ss *sessions) evict(ctx context.Context) error {
	for element := ss.order.Back(); element != nil && ss.order.Len() > maxSessions; {
		previous := element.Prev()
		e := element.Value.(*entry)
		if e.users == 0 {
			if _, err := ss.instance.db.ExecContext(ctx, "drop schema memory."+e.schema+" cascade"); err != nil {
				return fmt.Errorf("close session %s: %w", e.day, err)
			}
			ss.order.Remove(element)
			delete(ss.byDay, e.day)
		}
		element = previous
	}
	return nil
}

// AsOf returns the business date of the session.
func (s *Session) AsOf() time.Time { return s.asOf }

// conn checks out a connection that sees this session and nothing else.
func (s *Session) conn(ctx context.Context) (*sql.Conn, error) {
	conn, err := s.instance.db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("open session connection: %w", err)
	}
	if _, err := conn.ExecContext(ctx, "set search_path = '"+s.path+"'"); err != nil {
		return nil, errors.Join(fmt.Errorf("enter session: %w", err), conn.Close())
	}
	return conn, nil
}

// Query runs a query whose result is small (the driver holds all of it) and
// calls scan for each row. Parameters are bound.
func (s *Session) Query(ctx context.Context, scan func(*sql.Rows) error, query string, args ...any) (err error) {
	defer s.instance.pool.turns.take(ctx)()
	conn, err := s.conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	rows, err := conn.QueryContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("query session: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Use calls run with a connection of the session, for what Query cannot do.
func (s *Session) Use(ctx context.Context, run func(*sql.Conn) error) (err error) {
	conn, err := s.conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	return run(conn)
}

// Copy streams the result of a query to read, in the format that options name
// ("format csv, header true"), in bounded memory whatever its size. Parameters
// are bound. options are never user text.
func (s *Session) Copy(ctx context.Context, read func(io.Reader) error, options, query string, args ...any) error {
	return s.Use(ctx, func(conn *sql.Conn) error {
		return duck.PipeFrom(ctx, func(path string) error {
			_, err := conn.ExecContext(ctx,
				fmt.Sprintf("copy (%s) to %s (%s)", query, duck.Text(path), options), args...)
			return err
		}, read)
	})
}

// CopyToFile writes the result of a query to a file that DuckDB makes itself.
func (s *Session) CopyToFile(ctx context.Context, file, options, query string, args ...any) error {
	return s.Use(ctx, func(conn *sql.Conn) error {
		_, err := conn.ExecContext(ctx,
			fmt.Sprintf("copy (%s) to %s (%s)", query, duck.Text(file), options), args...)
		if err != nil {
			return fmt.Errorf("write %q: %w", file, err)
		}
		return nil
	})
}
