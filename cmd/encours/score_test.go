package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

// scoreTestOutput is what encours score test --format json prints.
type scoreTestOutput struct {
	Training  int64   `json:"training_count"`
	Tested    int64   `json:"tested_count"`
	Late      float64 `json:"tested_late_ratio"`
	Split     string  `json:"split_date"`
	Nobody    float64 `json:"nobody_late_accuracy_ratio"`
	ErrorDays string  `json:"payment_date_error_days"`
	Rules     []struct {
		Rule      string  `json:"rule"`
		AUC       float64 `json:"auc"`
		Accuracy  float64 `json:"accuracy_ratio"`
		Precision float64 `json:"precision_ratio"`
	} `json:"rules"`
	Classes []struct {
		Class string   `json:"risk_class"`
		Count int64    `json:"counterparty_count"`
		Share *float64 `json:"late_30_ratio"`
	} `json:"classes"`
}

func scoreTest(t *testing.T, dir string) (out scoreTestOutput) {
	t.Helper()
	if err := json.Unmarshal([]byte(must(t, "score", "test", "--project", dir, "--format", "json")), &out); err != nil {
		t.Fatal(err)
	}
	if len(out.Rules) != 2 {
		t.Fatalf("rules: %+v", out.Rules)
	}
	return out
}

// TestRealScore: on the IBM sample the naive rule has the figures that an
// independent computation gives.
func TestRealScore(t *testing.T) {
	path, err := filepath.Abs(sharedData(t, "ar/ibm_accounts_receivable.csv"))
	if err != nil {
		t.Fatal(err)
	}
	dir := tableProject(t, "    preset: ibm-receivables\n    paths: ["+path+"]\n")
	must(t, "run", "--project", dir)
	out := scoreTest(t, dir)
	if out.Training != 1725 || out.Tested != 741 || out.Split != "2013-05-06" || out.Late != 0.2955 || out.ErrorDays != "6.22" {
		t.Errorf("%d and %d invoices from %s, %v late, error %s days", out.Training, out.Tested, out.Split, out.Late, out.ErrorDays)
	}
	naive, expert := out.Rules[0], out.Rules[1]
	if naive.AUC < 0.871 || naive.AUC > 0.877 || naive.Accuracy <= out.Nobody {
		t.Errorf("naive rule: %+v; nobody is late: %v", naive, out.Nobody)
	}
	if expert.AUC < 0.75 || expert.AUC > naive.AUC || expert.Precision <= out.Late {
		t.Errorf("expert score: %+v", expert)
	}
	text := must(t, "score", "test", "--project", dir)
	for _, want := range []string{"741, 29.6 % late", "nobody is late", "prior late rate", "expert score", "6.22 days"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}

// TestScoreClassesRankLatePayers: in the demo, whose late payers are made, the share
// of what is paid more than 30 days late in the six months after grows from A to E.
func TestScoreClassesRankLatePayers(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "demo")
	must(t, "demo", dir, "--no-serve")
	out := scoreTest(t, dir)
	before, seen := -1.0, ""
	for _, c := range out.Classes {
		if c.Class == "N" {
			continue
		}
		seen += c.Class
		if c.Count == 0 || c.Share == nil || *c.Share < before {
			t.Errorf("class %s: %d customers, share %v after %v", c.Class, c.Count, c.Share, before)
			continue
		}
		before = *c.Share
	}
	if seen != "ABCDE" || before < 0.5 {
		t.Errorf("classes %s, the worst pays %v of its amounts more than 30 days late", seen, before)
	}
}

func TestScoreRefusesWhatItCannotTest(t *testing.T) {
	dir := newProject(t, "")
	refuse(t, exitFailed, "nothing has been built yet", "score", "test", "--project", dir)
	refuse(t, exitUsage, `--format "xml" is not known`, "score", "test", "--project", dir, "--format", "xml")
}
