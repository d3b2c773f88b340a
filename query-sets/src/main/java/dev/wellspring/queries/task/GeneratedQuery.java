package dev.wellspring.queries.task;

import dev.wellspring.queries.QueryKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A query with everything its family knows about it.
///
/// @param id unique in its set
/// @param family the name of the [QueryFamily] that made it and grades it
/// @param prompt the context
/// @param completion the right answer in the family's form, not empty
/// @param answers what makes an answer right, any one of them; what to search documents for
/// @param intermediateAnswers results of the steps before the answer, in order
/// @param targetSpans stretches of the completion to attribute on their own
/// @param coordinates where the query lies among its family's, as whole numbers by name
/// @param labels the same in words: a state pair, a task, a stratum
/// @param format how the completion is written out, such as `direct` or `scratchpad`
/// @param skin the vocabulary, where the same problem exists in several
/// @param splitRole `train` or `test`, where the family has a split of its own
/// @param controlOf the id of the query that this one mirrors
public record GeneratedQuery(
        String id,
        QueryKind kind,
        String family,
        String prompt,
        String completion,
        List<String> answers,
        List<String> intermediateAnswers,
        List<Span> targetSpans,
        Map<String, Integer> coordinates,
        Map<String, String> labels,
        @Nullable String format,
        @Nullable String skin,
        @Nullable String splitRole,
        @Nullable String controlOf) {
    /// Copies the collections, keeping their order.
    public GeneratedQuery {
        answers = List.copyOf(answers);
        intermediateAnswers = List.copyOf(intermediateAnswers);
        targetSpans = List.copyOf(targetSpans);
        coordinates = Collections.unmodifiableMap(new LinkedHashMap<>(coordinates));
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
        if (completion.isEmpty()) {
            throw new IllegalArgumentException("query " + id + ": expected a completion, got an empty text");
        }
        for (Span span : targetSpans) {
            if (span.end() > completion.length()) {
                throw new IllegalArgumentException(
                        "query " + id + ": expected spans within " + completion.length() + " characters, got " + span);
            }
        }
    }

    /// A query in the making; prompt and completion are required.
    public static Builder of(String id, QueryKind kind, String family) {
        return new Builder(id, kind, family);
    }

    /// Collects the parts of a query.
    public static final class Builder {
        private final String id;
        private final QueryKind kind;
        private final String family;
        private String prompt = "";
        private String completion = "";
        private List<String> answers = List.of();
        private List<String> intermediateAnswers = List.of();
        private final List<Span> targetSpans = new ArrayList<>();
        private final Map<String, Integer> coordinates = new LinkedHashMap<>();
        private final Map<String, String> labels = new LinkedHashMap<>();
        private @Nullable String format;
        private @Nullable String skin;
        private @Nullable String splitRole;
        private @Nullable String controlOf;

        private Builder(String id, QueryKind kind, String family) {
            this.id = id;
            this.kind = kind;
            this.family = family;
        }

        /// The context.
        public Builder prompt(String text) {
            prompt = text;
            return this;
        }

        /// The right answer in full.
        public Builder completion(String text) {
            completion = text;
            return this;
        }

        /// What makes an answer right.
        public Builder answers(String... texts) {
            return answers(List.of(texts));
        }

        /// What makes an answer right.
        public Builder answers(List<String> texts) {
            answers = texts;
            return this;
        }

        /// Results of the steps before the answer.
        public Builder intermediateAnswers(List<String> texts) {
            intermediateAnswers = texts;
            return this;
        }

        /// One more stretch of the completion.
        public Builder targetSpan(Span span) {
            targetSpans.add(span);
            return this;
        }

        /// One more coordinate.
        public Builder coordinate(String name, int value) {
            coordinates.put(name, value);
            return this;
        }

        /// One more label.
        public Builder label(String name, String value) {
            labels.put(name, value);
            return this;
        }

        /// How the completion is written out.
        public Builder format(String name) {
            format = name;
            return this;
        }

        /// The vocabulary.
        public Builder skin(String name) {
            skin = name;
            return this;
        }

        /// `train` or `test`.
        public Builder splitRole(String name) {
            splitRole = name;
            return this;
        }

        /// The id of the query that this one mirrors.
        public Builder controlOf(String id) {
            controlOf = id;
            return this;
        }

        /// The query.
        public GeneratedQuery build() {
            return new GeneratedQuery(
                    id,
                    kind,
                    family,
                    prompt,
                    completion,
                    answers,
                    intermediateAnswers,
                    targetSpans,
                    coordinates,
                    labels,
                    format,
                    skin,
                    splitRole,
                    controlOf);
        }
    }
}
