package dev.wellspring.queries.synthesis.prose;

/// A noun that can be counted.
record Noun(String one, String many) {
    /// From `loaf/loaves`, or `kettle` where the rules of spelling give the plural.
    static Noun of(String entry) {
        String[] forms = entry.replace('_', ' ').split("/", -1);
        return new Noun(forms[0], forms.length > 1 ? forms[1] : Spelling.plural(forms[0]));
    }
}
