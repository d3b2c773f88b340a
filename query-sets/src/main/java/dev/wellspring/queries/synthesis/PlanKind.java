package dev.wellspring.queries.synthesis;

import java.util.Locale;

/// What a document about planning tells.
enum PlanKind {
    /// A problem with its plan, as task t1.
    PLAN("plans", 6, Role.CASE, "direct", "problems with their plans"),
    /// A plan carried out, with the state before and after each action.
    TRACE("traces", 2, Role.RULE_TRACE, "state-tracking", "plans carried out, with the state after each action"),
    /// A plan and whether it is valid, as task t3.
    VERIFICATION("verifications", 2, Role.CASE, "direct", "plans that are valid or not, with the reason"),
    /// The rules of the domain and nothing else.
    DESCRIPTION("descriptions", 1, Role.RULE_TEXT, "rules", "the domain's rules alone");

    private final String parameter;
    private final int weight;
    private final Role role;
    private final String format;
    private final String meaning;

    PlanKind(String parameter, int weight, Role role, String format, String meaning) {
        this.parameter = parameter;
        this.weight = weight;
        this.role = role;
        this.format = format;
        this.meaning = meaning;
    }

    /// The parameter that says how many of a round are of this kind.
    String parameter() {
        return parameter;
    }

    /// How many are by default.
    int weight() {
        return weight;
    }

    Role role() {
        return role;
    }

    String format() {
        return format;
    }

    /// In a few words.
    String meaning() {
        return meaning;
    }

    /// The name in files.
    String template() {
        return name().toLowerCase(Locale.ROOT);
    }
}
