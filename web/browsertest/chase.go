package browsertest

// chase goes through today's worklist to the reminder of a customer.
func chase(p *tab) {
	p.visit("/?lang=en")
	p.follow(".pages a[href^='/worklist']")
	p.check(`document.querySelectorAll(".worklist tbody tr").length > 0`, "nobody is to be chased")
	p.check(`[...document.querySelectorAll(".worklist tbody tr")].every((row) => row.cells[3].innerText.trim() !== "" && row.cells[2].innerText.trim() !== "")`,
		"a line does not say what to do, or why")
	p.check(`document.querySelectorAll(".exports a[href^='/export/worklist.']").length === 6`, "the exports are not all there")
	p.check(`document.querySelector(".exports a[href^='/export/worklist.ics']") !== null`, "the calendar is not offered")
	p.check(`!document.body.innerText.includes("[")`, "a text is missing")
	p.follow(".languages a[hreflang=fr]")
	p.check(`document.querySelector("h1").innerText.includes("relancer")`, "the page is not French")
	p.follow(".languages a[hreflang=en]")
	p.follow(".pages a[href^='/dunning']")
	p.check(`document.querySelectorAll(".dunning tbody tr").length > 0`, "no reminder is listed")
	p.check(`document.querySelector(".dunning tbody a[href^='/export/reminder.pdf']") !== null`, "no letter can be taken")
	p.follow(".views a[href*='status=due']")
	p.check(`document.querySelectorAll(".dunning tbody tr").length > 0`, "none is due")
	p.follow(".dunning tbody tr:first-child th a")
	p.check(`document.querySelector("#chase .exports a[href^='/export/reminder.pdf']") !== null`, "the page of the customer has no letter")
	p.visit("/worklist?lang=en")
	p.size(380)
	p.check(`document.documentElement.scrollWidth <= window.innerWidth`, "the page is wider than the screen")
}
