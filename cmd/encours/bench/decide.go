package bench

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/generation"
	"github.com/encours/encours/warehouse/session"
)

// decisions is how many customers are asked about, one after the other.
const decisions = 300

// customer is one that can be asked about.
type customer struct{ entity, id string }

// decide asks a server that runs about orders of customers all over the books, each
// once: nothing of an answer is kept from the one before.
func (o Options) decide(ctx context.Context, dir string, s *size) (err error) {
	customers, err := someCustomers(ctx, dir)
	if err != nil {
		return err
	}
	if len(customers) == 0 {
		return errors.New("there is no customer to ask about")
	}
	token, err := exec.CommandContext(ctx, o.Program, "token", "add", "--project", dir,
		"--name", "bench", "--datasets", "credit-decisions", "--entity", "ALPHA,BETA,GAMMA").Output()
	if err != nil {
		return fmt.Errorf("make a token: %w", err)
	}
	address, stop, err := o.warmServer(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop(err)) }()
	for i, c := range customers {
		took, err := decide(ctx, address, strings.TrimSpace(string(token)), c, i)
		if err != nil {
			return err
		}
		s.decisions = append(s.decisions, took)
	}
	slices.Sort(s.decisions)
	return nil
}

// someCustomers takes customers at equal distances in the order of their codes.
func someCustomers(ctx context.Context, dir string) (list []customer, err error) {
	data := filepath.Join(dir, "data")
	pool := session.NewPool(generation.NewStore(data), duck.Limits{
		MemoryBytes: 1 << 30, TempDir: filepath.Join(data, "tmp"), TempBytes: 50 << 30,
	})
	defer func() { err = errors.Join(err, pool.Close()) }()
	pinned, err := pool.Pin(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, pinned.Release()) }()
	view, release, err := pinned.Session(ctx, time.Time{})
	if err != nil {
		return nil, err
	}
	defer release()
	return list, view.Query(ctx, func(rows *sql.Rows) error {
		var c customer
		err := rows.Scan(&c.entity, &c.id)
		list = append(list, c)
		return err
	}, `
with
numbered as (
    select
        entity_id,
        counterparty_id,
        row_number() over (order by entity_id, counterparty_id) as number,
        count(*) over () as customer_count,
    from mart_credit_inputs
)
select entity_id, counterparty_id
from numbered
where number % greatest(1, customer_count // $most) = 0
order by number
limit $most`, sql.Named("most", decisions))
}

// decide asks about one order and reads the answer.
func decide(ctx context.Context, address, token string, c customer, number int) (time.Duration, error) {
	body := fmt.Sprintf(`{"entity":%q,"customer":%q,"amount":"%d.50"}`, c.entity, c.id, 100*(number+1))
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address+"/api/v1/credit-decisions", strings.NewReader(body))
	if err != nil {
		return 0, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	started := time.Now()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	text, err := io.ReadAll(response.Body)
	took := time.Since(started)
	if response.StatusCode != http.StatusCreated {
		err = errors.Join(err, fmt.Errorf("decide: %s: %s", response.Status, text))
	}
	return took, errors.Join(err, response.Body.Close())
}
