package pull

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// SireneHeader is the header in which the Sirene API of INSEE takes its key.
const SireneHeader = "X-INSEE-Api-Key-Integration"

const (
	sirenesAsked   = 80 // of one question, so that its address stays short
	sireneAnswers  = 1000
	sireneMoment   = "2006-01-02T15:04:05"
	bodaccAsked    = 40
	bodaccPage     = 100
	bodaccMost     = 10_000 // records that one question gives at most
	bodaccPath     = "/catalog/datasets/annonces-commerciales/records"
	firstOfBodacc  = "2008-01-01"
	cursorOfSirene = "*"
)

// SireneSteps are the questions to the Sirene API, version 3.11, about legal units and
// their establishments: of known ones what the register changed since that moment, of
// new ones the unit as it is with its history, and its head office.
func SireneSteps(c *Client, known, fresh []string, since time.Time) []Step {
	var steps []Step
	add := func(path, list string, sirens []string, more string) {
		for chunk := range slices.Chunk(sirens, sirenesAsked) {
			q := "siren:(" + strings.Join(chunk, " OR ") + ")" + more
			steps = append(steps, Step{Name: path + "?" + q, Page: func(ctx context.Context, cursor string) (Page, error) {
				return sirenePage(ctx, c, path, list, q, cursor)
			}})
		}
	}
	moment := "[" + since.UTC().Format(sireneMoment) + " TO *]"
	add("/siren", "unitesLegales", known, " AND dateDernierTraitementUniteLegale:"+moment)
	add("/siret", "etablissements", known, " AND dateDernierTraitementEtablissement:"+moment)
	add("/siren", "unitesLegales", fresh, "")
	add("/siret", "etablissements", fresh, " AND etablissementSiege:true")
	return steps
}

func sirenePage(ctx context.Context, c *Client, path, list, q, cursor string) (Page, error) {
	if cursor == "" {
		cursor = cursorOfSirene
	}
	text, err := c.Get(ctx, path, url.Values{"q": {q}, "nombre": {strconv.Itoa(sireneAnswers)}, "curseur": {cursor}})
	if errors.Is(err, ErrNotFound) {
		return Page{}, nil // this is how the API says that nothing changed
	}
	if err != nil {
		return Page{}, err
	}
	var answer map[string]json.RawMessage
	var header struct {
		Cursor string `json:"curseur"`
		Next   string `json:"curseurSuivant"`
	}
	var members []json.RawMessage
	if err := errors.Join(json.Unmarshal(text, &answer), unmarshal(answer["header"], &header), unmarshal(answer[list], &members)); err != nil {
		return Page{}, fmt.Errorf("read the answer of %s: %w", c.host(), err)
	}
	key := strings.TrimSuffix(list, "s")
	if list == "unitesLegales" {
		key = "uniteLegale"
	}
	var page Page
	for _, m := range members {
		item, err := oneLine(map[string]json.RawMessage{key: m})
		if err != nil {
			return Page{}, fmt.Errorf("read the answer of %s: %w", c.host(), err)
		}
		page.Items = append(page.Items, item)
	}
	if header.Next != "" && header.Next != cursor && len(members) > 0 {
		page.Next = header.Next
	}
	return page, nil
}

func unmarshal(text json.RawMessage, into any) error {
	if len(text) == 0 {
		return nil
	}
	return json.Unmarshal(text, into)
}

// oneLine writes a value without line ends.
func oneLine(value any) ([]byte, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = json.Compact(&out, text)
	return out.Bytes(), err
}
