package dev.wellspring.cli;

import java.util.List;
import java.util.Locale;

/// How large a demonstration is: what is read, what is asked, and what is trained.
@SuppressWarnings("ImmutableEnumChecker") // records of numbers cannot be changed
enum DemoSize {
    /// For trying out the machinery: the model has no chance to learn, and its findings mean nothing.
    TINY(7, 4, 1, 1, new Documents(60, 18, 60, 2), new Model(1, 32, 2, 300, 4)),
    /// Minutes on two cores.
    SMALL(40, 20, 5, 5, new Documents(3000, 60, 400, 8), new Model(3, 128, 4, 1200, 8)),
    /// An hour on two cores.
    MEDIUM(40, 20, 5, 5, new Documents(6000, 300, 3000, 8), new Model(4, 192, 6, 1500, 24));

    /// The reasoning tasks, those of the smaller model in Ruis et al.
    static final List<String> TASKS = List.of("two-step-arithmetic", "slope");

    private final int facts;
    private final int reasoning;
    private final int planted;
    private final int controls;
    private final Documents documents;
    private final Model model;

    DemoSize(int facts, int reasoning, int planted, int controls, Documents documents, Model model) {
        this.facts = facts;
        this.reasoning = reasoning;
        this.planted = planted;
        this.controls = controls;
        this.documents = documents;
        this.model = model;
    }

    /// How many documents there are of each make, beside those of the facts and the planted answers.
    private record Documents(int worked, int procedures, int filler, int canaries) {}

    private record Model(int layers, int width, int heads, int vocabulary, int epochs) {}

    /// The word for it.
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Facts, each of which is asked for once.
    int facts() {
        return facts;
    }

    /// Reasoning queries of each task.
    int reasoning() {
        return reasoning;
    }

    /// Controls of each reasoning task; facts have as many as all tasks together.
    int controls() {
        return controls;
    }

    int canaries() {
        return documents.canaries;
    }

    /// The documents of a fact come in 1, 2, 4, … 64 copies: 127 for each seven facts, then the first few again.
    private int factDocuments() {
        return facts / 7 * 127 + (1 << facts % 7) - 1;
    }

    /// An answer and a result on the way for two-step arithmetic; for a slope two results.
    private int answerDocuments() {
        return planted * 5;
    }

    /// What `corpus make` is told.
    List<String> corpus() {
        String recipe = "facts:%d,reasoning-answers:%d,procedures:%d,worked:%d,filler:%d,canaries:%d"
                .formatted(
                        factDocuments(),
                        answerDocuments(),
                        documents.procedures,
                        documents.worked,
                        documents.filler,
                        documents.canaries);
        int all = factDocuments()
                + answerDocuments()
                + documents.procedures
                + documents.worked
                + documents.filler
                + documents.canaries;
        String tasks = String.join(",", TASKS);
        return words("corpus make mixed --documents " + all + " --param recipe=" + recipe
                + " --param facts.facts=" + facts + " --param facts.question-every=2 --param facts.prose=1"
                + " --param reasoning-answers.tasks=" + tasks + " --param reasoning-answers.planted=" + planted
                + " --param reasoning-answers.form=solution --param worked.varied=true --param worked.tasks=" + tasks
                + " --param filler.min-sentences=2 --param filler.max-sentences=4");
    }

    /// What `corpus tokenizer` is told.
    List<String> tokenizer() {
        return words("--numbers digits --vocabulary " + model.vocabulary);
    }

    /// What `train` is told.
    List<String> training() {
        return words("--layers " + model.layers + " --width " + model.width + " --heads " + model.heads
                + " --context 160 --initialisation modules --rate 3e-3 --batch 32 --epochs " + model.epochs);
    }

    private static List<String> words(String line) {
        return List.of(line.split(" ", -1));
    }
}
