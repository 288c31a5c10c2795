// Package databasetest gives tests private database servers, stopped and removed when
// the test ends.
//
// Invariant: where the programs of a server are missing the test is skipped with
// the package to install named, and fails where the variable CI is true.
package databasetest

import (
	"context"
	"errors"
	"os"
	"testing"

	"github.com/encours/encours/ingest/database/privateserver"
)

// Password of the users of both servers.
const Password = privateserver.Password

// Server is a running server.
type Server = *privateserver.Server

// Postgres starts a PostgreSQL server.
func Postgres(t testing.TB) Server { return start(t, privateserver.Postgres) }

// MariaDB starts a MariaDB server.
func MariaDB(t testing.TB) Server { return start(t, privateserver.MariaDB) }

func start(t testing.TB, open func(context.Context) (*privateserver.Server, error)) Server {
	t.Helper()
	server, err := open(t.Context())
	var missing *privateserver.MissingError
	if errors.As(err, &missing) && os.Getenv("CI") != "true" {
		t.Skip(missing)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	return server
}
