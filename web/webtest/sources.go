package webtest

import (
	"time"

	"github.com/encours/encours/reports"
)

// InventedSources are one of each kind: well, silent, failed, with rejected lines,
// watched and never run, and one that encours.yaml does not name.
func InventedSources() *reports.Sources {
	at := time.Date(2026, 1, 15, 6, 0, 0, 0, time.UTC)
	return &reports.Sources{
		Zone: "Europe/Paris",
		List: []reports.SourceStatus{
			{
				Name: "compta-alpha", Kind: "fec", Entity: "ALPHA", Schedule: "0 6 * * 1-5", Next: at.AddDate(0, 0, 1), LoadedAt: at, ExpectEvery: 26 * time.Hour,
				Last: &reports.SourceRun{Started: at, Duration: 1500 * time.Millisecond, State: reports.RunDone, Trigger: "schedule", Rows: 12_345},
			},
			{
				Name: "compta-beta", Kind: "fec", Entity: "BETA", ExpectEvery: 48 * time.Hour, LoadedAt: at.AddDate(0, 0, -9), IsSilent: true, NeedsAttention: true,
				Last: &reports.SourceRun{Started: at, Duration: 200 * time.Second, State: reports.RunDone, Trigger: "hand", Unchanged: 1},
			},
			{
				Name: "crm", Kind: "fec", Entity: "ALPHA", Schedule: "30 6 * * *", Next: at.Add(30 * time.Minute), NeedsAttention: true,
				Last: &reports.SourceRun{Started: at, Duration: time.Second, State: reports.RunFailed, Trigger: "schedule", IsBad: true, Error: `no file matches "crm/<script>alert(1)</script>"`},
			},
			{
				Name: "rejets", Kind: "fec", Entity: "ALPHA", Folder: "inbox/rejets", LoadedAt: at, NeedsAttention: true,
				Last: &reports.SourceRun{Started: at, Duration: time.Second, State: reports.RunOverBudget, Trigger: "watch", Rows: 10, Rejects: 3, IsBad: true, Error: "loaded, but 3 lines were rejected"},
			},
			{Name: "depot", Kind: "fec", Entity: "BETA", Folder: "inbox/beta"},
			{Name: "ponctuel", Last: &reports.SourceRun{Started: at, State: reports.RunRunning, Trigger: "hand"}},
		},
		File: &reports.SourceRun{
			Started: at, State: reports.RunFailed, Trigger: "change", IsBad: true,
			Error: `/srv/encours.yaml:7:15: sources[0].schedule: "61 * * * *" is not a cron expression`,
		},
		LastBuild: &reports.SourceRun{Started: at, Duration: 90 * time.Second, State: reports.RunDone, Trigger: "load"},
	}
}
