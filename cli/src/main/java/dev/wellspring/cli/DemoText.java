package dev.wellspring.cli;

import dev.wellspring.analysis.Spread;
import dev.wellspring.cli.DemoFindings.Answers;
import dev.wellspring.cli.DemoFindings.Bearing;
import java.io.PrintStream;
import java.util.Locale;

/// The findings of the demonstration for people, each beside what Ruis et al. report.
///
/// @param found what was found
/// @param out where it goes
record DemoText(DemoFindings found, PrintStream out) {
    /// The share of facts whose document should come first.
    private static final double WANTED = 0.8;

    void write() {
        line(
                "%nWhat came out: %,d documents, of which %d (0.5 %%) are called the top%n",
                found.documents(), found.top());
        ability();
        facts();
        reasoning();
        canaries();
        correlation();
        influence();
    }

    private void line(String format, Object... arguments) {
        out.printf(Locale.ROOT, format + "%n", arguments);
    }

    private void ability() {
        line("The model: does greedy decoding write the whole completion?");
        found.answered()
                .forEach((name, one) -> line(
                        "  %-34s %3d of %3d, loss %.3f nats per token",
                        name, one.answered(), one.queries(), one.loss()));
        int answered = found.answered().entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("reasoning"))
                .mapToInt(entry -> entry.getValue().answered())
                .sum();
        line("  Only answered questions count in what is said of facts. Of reasoning, the right solution is scored,");
        line(
                answered == 0
                        ? "  which the model does not write. The paper scores what the model wrote, right or wrong."
                        : "  whether or not the model writes it. The paper scores what the model wrote, right or wrong.");
    }

    private void facts() {
        Bearing facts = found.facts();
        line("%n(a) Facts: is a document that states the fact in the top?");
        if (facts.queries() == 0) {
            line("  No fact is answered, so there is nothing to find.");
            return;
        }
        bearing(facts);
        line(
                "  Wanted: at least %.0f %%, so %s. The paper: the answer is in the top 0.01 %% for 55 %% and 30 %%.",
                100 * WANTED, yes(facts.found() >= WANTED * facts.queries()));
        line("  documents that state it   queries   in the top   influence of each   of all   (nats)");
        found.repetition()
                .forEach((repetition, one) -> line(
                        "  %23d   %7d   %10d   %17.3g   %6.3g",
                        repetition, one.bearing().queries(), one.bearing().found(), one.each(), one.all()));
    }

    private void bearing(Bearing one) {
        line(
                "  influence: for %d of %d, by lot %.1f; best rank %s",
                one.found(), one.queries(), one.expected(), rank(one.rank()));
        line("  BM25:      for %d of %d; best rank %s", one.bm25Found(), one.queries(), rank(one.bm25Rank()));
    }

    private static String rank(Spread rank) {
        return rank.count() == 0
                ? "none"
                : String.format(Locale.ROOT, "%.0f (median), %.0f (worst)", rank.median(), rank.largest());
    }

    private void reasoning() {
        line("%n(b) Reasoning: is a document that holds the answer in the top?");
        Answers planted = found.planted();
        line(
                "  planted, word for word:    for %d of %d; rank %s",
                planted.plantedFound(), planted.queries(), rank(planted.plantedRank()));
        coincidence("same answer by coincidence, planted elsewhere", planted);
        coincidence("same answer by coincidence, nothing planted", found.notPlanted());
        line(
                "  Wanted: planted answers found, so %s; others about as often as in rankings of other queries, so %s.",
                yes(planted.plantedFound() == planted.queries()), yes(isByChance(found.notPlanted())));
        line("  The paper: answers or intermediate answers for 7.4 %% and 0 %% of the reasoning queries.");
    }

    /// Whether so many are found as by chance, up to two standard deviations of a count.
    private static boolean isByChance(Answers answers) {
        double chance = Math.max(answers.expected(), answers.shuffled());
        return answers.holdingFound() <= chance + 2 * Math.sqrt(Math.max(chance, 1));
    }

    private static String yes(boolean holds) {
        return holds ? "yes" : "NO";
    }

    private void coincidence(String what, Answers answers) {
        line(
                "  %s: for %d of %d; by lot %.1f, in rankings of other queries of the task %.1f",
                what, answers.holdingFound(), answers.holding(), answers.expected(), answers.shuffled());
    }

    private void canaries() {
        line("%n(c) Canaries: does the only document with a code word come first?");
        bearing(found.canaries());
    }

    private void correlation() {
        line("%n(d) How alike the influences of two queries are: correlation over all documents");
        line("  %-42s  pairs    mean  spread   least    most", "");
        found.correlation()
                .forEach((name, one) -> line(
                        "  %-42s  %5d  %6.3f  %6.3f  %6.3f  %6.3f",
                        name, one.count(), one.mean(), one.deviation(), one.smallest(), one.largest()));
        line("  The paper: about 0.9 within a reasoning task, 0.06 and 0.03 between facts, nothing across tasks.");
    }

    private void influence() {
        line("%n(e) Influence of all documents together, positive part, per nat of the completion");
        line("  %-12s  %7s  %9s  %15s  %20s", "", "queries", "mean", "spread / mean", "first 1 % have");
        found.influence()
                .forEach((name, one) -> line(
                        "  %-12s  %7d  %9.3g  %15.2f  %18.0f %%",
                        name,
                        one.positive().count(),
                        one.positive().mean(),
                        one.positive().relative(),
                        100 * one.topShare().mean()));
        line("  The paper: half as much for reasoning as for facts, and steadier from query to query.");
    }
}
