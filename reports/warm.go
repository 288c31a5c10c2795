package reports

import (
	"context"
	"errors"
	"maps"
	"slices"
)

// warmEntities is how many entities Warm looks at: what it computes must fit in the
// cache beside what readers ask for.
const warmEntities = 40

// Warm computes what most readers of a generation look at first: the overview and
// the first page of the ageing balance, in each order, of the group and of its
// entities, customers only. It returns the identifier of the generation, and does nothing where that is
// done: the one that Warm returned last. Readers are served meanwhile. Before the
// first build it returns "" and no error.
func (s *Service) Warm(ctx context.Context, done string) (generation string, err error) {
	pinned, err := s.pin(ctx)
	if errors.Is(err, ErrNoGeneration) {
		return "", nil
	}
	if err != nil {
		return done, err
	}
	// it stays pinned, so that the figures are those of one generation
	defer func() { err = errors.Join(err, pinned.Release()) }()
	generation = pinned.Manifest().ID
	if generation == done {
		return generation, nil
	}
	facts, err := s.facts(ctx, pinned)
	if err != nil {
		return done, err
	}
	if _, err := pinned.Models(ctx); err != nil { // of the pages about one counterparty
		return done, err
	}
	selections := []Selection{{Side: Customer}}
	for _, entity := range facts.entities {
		selections = append(selections, Selection{Side: Customer, Entity: entity.ID})
	}
	for _, selection := range selections[:min(len(selections), warmEntities)] {
		if err := s.warm(ctx, selection); err != nil {
			return generation, err
		}
	}
	return generation, nil
}

func (s *Service) warm(ctx context.Context, selection Selection) (err error) {
	v, err := s.Open(ctx, selection)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, v.Close()) }()
	if _, err := v.Overview(ctx); err != nil {
		return err
	}
	for _, order := range slices.Sorted(maps.Keys(sortOrders)) {
		if _, err := v.Ageing(ctx, AgeingFilter{Sort: order}); err != nil {
			return err
		}
	}
	return nil
}
