"""What is found in passing, by the module that reads, selects or sets: each fault's id and what it means."""

from __future__ import annotations

from briefing.errors import Level
from briefing.rules.base import fault

__all__: list[str] = []

# --- the command line and the machine ---------------------------------------------------------------------------

fault("usage", "The command line asks for something that there is not; the message says what there is.")
fault("file", "A file is absent, cannot be read, or cannot be written. What stood there before is as it was.")
fault(
    "file-half",
    "A file that is watched ends in the middle of what stood there a moment ago, as one does that is half saved."
    " What is left of it could be read, with fewer facts; so nothing is built until it is whole.",
)
fault("system", "The machine refused something that every run needs: a full disk, a closed output.")
fault(
    "system-memory",
    "What a build made is remembered in `.briefing/`, and cannot be written there. The briefs are right; the next build"
    " makes all of them anew. Let it write there, or delete the folder.",
    Level.WARNING,
)
fault(
    "system-pango",
    "WeasyPrint cannot find Pango, which draws the PDF. Markdown is built without it; the message has the command"
    " that installs it.",
)
fault(
    "system-watch",
    "`briefing build --watch` needs the package `watchfiles`, the extra `watch`; the message has the command.",
)
fault(
    "system-docx",
    "`--format docx` needs Python packages that are not installed; the message has the command. Nothing was built.",
)
fault(
    "system-bib",
    "`briefing import` from BibTeX needs a Python package that is not installed; the message has the command.",
)
fault(
    "system-keep",
    "To keep a web page, Python packages are needed that are not installed; the message has the command. Nothing was"
    " kept.",
)
fault(
    "system-harfbuzz-subset",
    "A library that makes fonts smaller is missing. The PDF is larger than elsewhere and its bytes are others.",
    Level.WARNING,
)

# --- references of other programs (`briefing import`) ------------------------------------------------------------

fault(
    "import-format",
    "It cannot be told in which format the file is, which `--from` says; or it is one that is not read,"
    " as Zotero's own JSON.",
)
fault("import-encoding", "The file is not UTF-8 text. Nothing was imported.")
fault("import-size", "The file is larger than any list of sources for one facts file. Export a part of it.")
fault(
    "import-syntax",
    "The file is no CSL-JSON, BibTeX or RIS from here on. Nothing was imported; mend the place, or export it anew.",
)
fault(
    "import-section",
    "The facts file is written so that no lines can be added to its sources: in braces, mostly. It is as it was.",
)

# --- YAML: the facts file and the contract at the head of a template ---------------------------------------------

fault(
    "yaml-syntax",
    "The text is not YAML. Most often prose with a colon, a brace or a quotation mark needs the block form: `text: >`,"
    " and the text on the next line, indented.",
)
fault("yaml-encoding", "The file is not UTF-8 text.")
fault("yaml-size", "The file is larger than any facts file can sensibly be.")
fault("yaml-nodes", "The file has more keys and values than any facts file can sensibly have.")
fault("yaml-depth", "Values are nested deeper than any key of the format asks for.")
fault("yaml-document", "A second YAML document begins (`---`); a facts file is one.")
fault("yaml-directive", "A line begins with `%`, which instructs a YAML program; it is no text.")
fault(
    "yaml-character",
    "A character that no reader sees or that turns the order of letters: control characters, bidirectional overrides,"
    " noncharacters. They can make a word read as another one.",
)
fault(
    "yaml-marks",
    "More combining marks are stacked on one letter than any script has; they hang the typesetter.",
)
fault("yaml-anchor", "`&name` names a value so that it can be used again; facts are written out.")
fault("yaml-alias", "`*name` stands for a value elsewhere; facts are written out.")
fault(
    "yaml-tag",
    "`!type` before a value names a type; every value here is text that the format knows how to read.",
)
fault("yaml-merge", "`<<` would copy another mapping to here; facts are written out.")
fault("yaml-key", "A list, a mapping or an endless text stands where a key belongs.")
fault(
    "yaml-duplicate-key",
    "A key stands twice in one mapping. YAML programs keep one of the two without a word.",
)
fault("yaml-more", "The file has more problems than are listed one by one.")

# --- the shape of the facts file and of contracts ---------------------------------------------------------------------

fault(
    "schema-more",
    "One fact, source or person has more than 200 faults of its form; the others are told then.",
)
fault("schema-unknown-key", "A key that the format does not know, most often a slip of the pen.")
fault("schema-missing-key", "A key is missing that a person, source, fact or contract must have.")
fault("schema-value", "A value is not what its key can hold; the message says what it can.")
fault(
    "schema-id",
    "An id is small letters, digits and single hyphens, 64 at most: it becomes a name in files and links.",
)

# --- what git knows of the facts file ------------------------------------------------------------------------

fault(
    "date-as-of",
    "Facts say something else than in the last commit, and `as_of`, the day up to which they are known, did not move:"
    " readers would take the new for what they have read. Asked by `check`, where the file is in git; one that is as"
    " it was committed is compared with the commit before.",
    Level.WARNING,
)

# --- finding and reading a template ---------------------------------------------------------------------------------

fault("unknown-audience", "There is no template of that name.")
fault("template-name", "The file's name becomes that of the brief: small letters, digits and hyphens.")
fault(
    "template-unread",
    "A file in `templates/` is written as a template, and its name does not end in `.md.j2`: no brief is made of it."
    " What templates import stands in a folder of its own, such as `templates/parts/`.",
    Level.WARNING,
)
fault(
    "template-gone",
    "The templates of the project went away while `briefing build --watch` ran: renamed, or another branch was checked"
    " out. Nothing is built until they are back, since the generic briefs would take the place of the project's own.",
)
fault(
    "template-text",
    "A template is no file of its own, too large, not UTF-8, or holds or prints a forbidden character.",
)
fault("template-front-matter", "The contract at the head of a template has no closing line `---`.")
fault("template-extends", "A template extends one that does not exist, or that extends it in turn.")
fault(
    "kind-neutral-opinion",
    "The contract of a neutral brief allows opinions. A neutral brief prints none, not even by name.",
)

# --- running a template ----------------------------------------------------------------------------------------------

fault("template-syntax", "The template is not Jinja: a tag is not closed, a name is no name.")
fault("template-missing", "The template includes or imports one that does not exist.")
fault("template-undefined", "A name that a template does not have; the message has the nearest that exists.")
fault("template-error", "The template does something that fails: a wrong argument, a sum of words.")
fault("template-time", "The template did not end in time.")
fault(
    "template-memory",
    "The brief takes more memory than any brief needs: a text that was doubled again and again?",
)
fault(
    "template-unprinted",
    "What stands here is never printed: outside the blocks, or in a block that the parent has not.",
)
fault("template-select", "`facts()` is asked for a kind or status that does not exist.")
fault(
    "template-kind",
    "A fact is used whose kind the contract does not allow. So no opinion gets into a neutral brief by mistake.",
)
fault("template-status", "A retracted or superseded fact is used; the message names its successor.")
fault("template-faulty-fact", "A fact is used that an error of the facts file bars.")
fault("template-unsupported", "A fact is used that no source supports.")
fault("template-print", "`{{ … }}` prints something that is no fact and no text, such as a whole list.")
fault("template-date", "A date is printed without its fact, and so without its source.")
fault("template-claim", "A claim is empty, longer than a paragraph, or holds a fact or a claim.")
fault("template-table", "A fact with several quantities stands in a table that does not say which one.")
fault(
    "template-bars-unit",
    "Amounts in different units, such as dollars and percent, would be drawn as bars on one axis.",
)
fault(
    "template-bars-stage",
    "Money of different stages would be drawn as bars on one axis. What was appropriated and what was disbursed are"
    " no more and less of the same.",
)
fault(
    "template-figure-size",
    "A timeline or chart has more rows than a picture on one page has room for, and is printed as a table.",
    Level.WARNING,
)
fault(
    "template-figure-left-out",
    "A timeline, table or chart is given facts that it cannot show, or none. The reader would take it for complete.",
    Level.WARNING,
)
fault(
    "template-since",
    "With `--since`: the template gives no brief of the earlier facts, so that nobody can tell what changed in it.",
)
fault(
    "template-suspect",
    "A fact under a claim changed since somebody read the claim beside it. Whether the prose still holds only a reader"
    " can say: `briefing review` shows both, and notes in `reviews.yaml` what was read. Until then no build publishes"
    " the brief; with `--allow-suspect` each page says so.",
)
fault(
    "template-unreviewed",
    "Nobody has read a claim beside its facts, as `briefing review` has it.",
    Level.WARNING,
)
fault("template-token", "A filter cut or changed a fact. Nothing may come between a fact and its citation.")

# --- reading the Markdown that a template made ----------------------------------------------------------------

fault(
    "template-nesting", "Lists, quotations or emphasis are nested so deeply that Markdown readers drop text."
)
fault("template-link", "A link leads to something else than an `https:` or `mailto:` address.")
fault("template-figure-place", "A timeline or table does not stand on a line of its own.")
fault(
    "template-lost", "A fact is printed where no reader would see it, such as a cell beyond the last column."
)

# --- a table of recipients ------------------------------------------------------------------------------------

fault(
    "recipients-table",
    "The table is empty, too large, or no text. It is CSV in UTF-8, its columns named in the first line.",
)
fault(
    "recipients-form",
    "The table is not CSV: a quotation mark without its fellow, a row with too many cells or too few.",
)
fault(
    "recipients-columns", "A column has no usable name, or that of another, or none is called name or slug."
)
fault(
    "recipients-text",
    "A cell holds a hidden character or a line break, or is longer than any name or address.",
)
fault(
    "recipients-statement",
    "A cell says something: an amount, a count, a quotation, a sentence; or it has the look of a citation. It would be"
    " printed without a source; what is said belongs into the facts file.",
)
fault("recipients-slug", "No file can be called after the row, or those of another row are called so.")
fault(
    "recipients-stray",
    "A file stands among the briefs of a mailing and belongs to no row; somebody might send it.",
    Level.WARNING,
)
fault(
    "template-recipient",
    "The template prints a column of a table of recipients, and the build got no table (`--for`), or one without it.",
)

# --- setting a page -------------------------------------------------------------------------------------------

fault(
    "template-max-pages",
    "The body has more pages than the contract allows. Sources do not count. `check` lays a brief out for that,"
    " unless a build has.",
)
fault("template-house", "A file of the house (frame, style) cannot be read.")
fault("template-page", "The frame of the page, `page.html.j2`, fails.")
fault("typeset-failed", "WeasyPrint failed at this page; the message has its words.")
fault("typeset-fetch", "The page asks for something that is not in memory; nothing is fetched for a brief.")
fault(
    "typeset-fonts",
    "The house's fonts cannot be read. No other font is used, so that pages are the same everywhere.",
)
fault(
    "typeset-heading",
    "A heading skips a level; who hears the brief read aloud looks for what is missing.",
    Level.WARNING,
)
fault("typeset-link", "The page links to something that is neither on the web nor an address for mail.")
fault("typeset-log", "WeasyPrint reported an error while it set the page.")
fault("typeset-missing-glyph", "No font of the house has a character; it would be printed as an empty box.")
fault(
    "typeset-cpu",
    "The page took more processor time than one document may (`--limit cpu=…`, in seconds). The other briefs are made.",
)
fault(
    "typeset-died",
    "The process that set the page, or the machine of a cluster, was lost before it had done so; the message says how,"
    " and what it was at. The other briefs are made.",
)
fault("typeset-memory", "The page needs more memory than one document may take (`--limit memory=…`).")
fault("typeset-page-limit", "The document has more pages than any brief has (`--limit pages=…`).")
fault("typeset-pages", "The page numbers in the appendix did not settle.")
fault(
    "typeset-time", "The page was not set in time (`--limit time=…`, in seconds). The other briefs are made."
)
fault("cluster-package", "`--cluster` needs a package that is not installed; the message has the command.")
fault(
    "cluster-unreachable", "No Dask scheduler answers at the address, or it has no worker. Nothing was built."
)
fault(
    "cluster-differs",
    "A worker of the cluster has another briefing, or other libraries that shape a PDF's bytes; the message says which."
    " Nothing is typeset there, so that a brief has the same bytes wherever it is made.",
)

# --- mail (`briefing send`, mail.yaml) ----------------------------------------------------------------------------

fault("mail-address", "What stands where an address belongs is none, or is in letters that look like others.")
fault(
    "mail-duplicate", "Somebody is named twice, however the address is written, and would get two messages."
)
fault(
    "mail-recipient",
    "The template of the mail asks for what a recipient does not have, such as a name; or somebody is to get a brief"
    " again who is not among the recipients.",
)
fault("mail-list", "A list that is not in `mail.yaml`, or one that is for another audience.")
fault(
    "mail-header",
    "A title, name or address would put something else into the head of a message than itself: a line break, an encoded"
    " word (`=?`). With them a text can add recipients (CVE-2024-6923).",
)
fault(
    "mail-stale",
    "The built file is not, byte for byte, what a build makes of the facts now, or is not there. The message has the"
    " command that makes it anew.",
)
fault(
    "mail-suspect",
    "The brief has a claim that nobody read again since a fact under it changed; `briefing review` shows it.",
)
fault(
    "mail-courtesy",
    "The subject, greeting or closing in the template of a mail says more than a name, a greeting or a signature. What"
    " is to be said stands in the body, on a fact.",
)
fault(
    "mail-changed",
    "While the question stood open whether it may be sent, something changed; what was shown is not what would go out.",
)
fault("mail-draft", "The brief is marked as a draft. Take the word out of its marking when it is done.")
fault(
    "mail-embargo",
    "The embargo of the brief has not passed; or its marking speaks of one, and only `embargo:` says when that ends.",
)
fault(
    "mail-security",
    "Mail would go in clear: the server does not offer STARTTLS, which somebody between may have taken out, or `none`"
    " is said of a server that is not on this machine. Nothing is sent.",
)
fault(
    "mail-certificate",
    "The server's certificate does not hold: another name, an authority that this machine does not know (`ca_file`), or"
    " its time is over. Nothing is sent.",
)
fault(
    "mail-password",
    "The password is missing, or the server does not take it. It stands in the environment (`BRIEFING_MAIL_PASSWORD`),"
    " in a file or in the keyring, never in `mail.yaml`.",
)
fault("mail-server", "The mail server cannot be reached, or takes no message at all.")
fault(
    "mail-ledger",
    "`sent.sqlite`, which says who has what, cannot be used. Nothing is sent without it: somebody would get a brief"
    " twice.",
)

# --- keeping the texts of sources --------------------------------------------------------------------------------

fault(
    "keep-refused",
    "The text of a source could not be had, or there is none: the message says why. Nothing was kept, and what was kept"
    " before stands. An address of this machine or of a network inside is read with `--local` alone; a facts file from"
    " somebody else could name one.",
)
fault(
    "keep-entry",
    "The entry of the source is not there, or is written in a way that cannot be changed without disturbing the lines"
    " around it. Nothing was kept; write the `archive` by hand, as the message has it.",
)
