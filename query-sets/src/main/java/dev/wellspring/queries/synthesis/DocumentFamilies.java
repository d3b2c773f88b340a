package dev.wellspring.queries.synthesis;

import dev.wellspring.queries.corpus.CorpusException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// All families of documents.
public final class DocumentFamilies {
    private DocumentFamilies() {}

    /// What a mixed corpus can be mixed from.
    static List<DocumentFamily> members() {
        return List.of(
                new GridCases(),
                new RuleDocuments(),
                new FactSheets(),
                new ReasoningAnswers(),
                new ProcedureDocuments(),
                new WorkedExamples(),
                new PlanDocuments(),
                new StyleLists(),
                new FillerProse(),
                new Canaries());
    }

    /// Every family, in the order of the documentation.
    public static List<DocumentFamily> all() {
        List<DocumentFamily> all = new ArrayList<>(members());
        all.add(new MixedCorpus());
        return List.copyOf(all);
    }

    /// The family of a name.
    ///
    /// @throws CorpusException if there is none
    public static DocumentFamily named(String name) {
        return all().stream()
                .filter(family -> family.name().equals(name))
                .findFirst()
                .orElseThrow(() -> CorpusException.at(
                        "corpus",
                        all().stream().map(DocumentFamily::name).collect(Collectors.joining(", ", "one of ", "")),
                        "\"" + name + "\"",
                        "see 'wellspring corpus list'"));
    }
}
