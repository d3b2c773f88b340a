package dev.wellspring.queries.synthesis.prose;

/// A verb with all its forms: `write, writes, wrote, written, writing`.
record Verb(String base, String third, String past, String participle, String gerund) {
    /// From `keep/kept/kept`, or `mend` where the rules of spelling give past and participle. Words after the first,
    /// as in `wait for`, stay as they are.
    static Verb of(String entry) {
        String[] forms = entry.replace('_', ' ').split("/", -1);
        String base = forms[0];
        int end = base.indexOf(' ') < 0 ? base.length() : base.indexOf(' ');
        String word = base.substring(0, end);
        String rest = base.substring(end);
        String past = forms.length > 1 ? forms[1] : Spelling.past(word) + rest;
        return new Verb(
                base,
                Spelling.thirdPerson(word) + rest,
                past,
                forms.length > 2 ? forms[2] : past,
                forms.length > 3 ? forms[3] : Spelling.gerund(word) + rest);
    }
}
