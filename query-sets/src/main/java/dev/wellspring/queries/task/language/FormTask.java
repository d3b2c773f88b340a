package dev.wellspring.queries.task.language;

/// The 22 tasks of Lu et al., with what their paper says of them (their section 3 and table of memorisability).
enum FormTask {
    CAUSAL_JUDGEMENT("causal-judgement", Competence.FUNCTIONAL, 0),
    ENGLISH_PROVERBS("english-proverbs", Competence.FUNCTIONAL, 0),
    IMPLICATURES("implicatures", Competence.FUNCTIONAL, 0),
    NONSENSE_WORDS_GRAMMAR("nonsense-words-grammar", Competence.FORMAL, 38),
    RHYMING("rhyming", Competence.FORMAL, 50),
    TRACKING_SHUFFLED_OBJECTS("tracking-shuffled-objects", Competence.FUNCTIONAL, 0),
    COMMONSENSE_QA("commonsense-qa", Competence.FUNCTIONAL, 3),
    GRADE_SCHOOL_MATHS("gsm8k", Competence.FUNCTIONAL, 0),
    ANALYTIC_ENTAILMENT("analytic-entailment", Competence.FUNCTIONAL, 4),
    CODENAMES("codenames", Competence.FUNCTIONAL, 0),
    COMMON_MORPHEME("common-morpheme", Competence.FORMAL, 0),
    FACT_CHECKER("fact-checker", Competence.FUNCTIONAL, 50),
    FIGURE_OF_SPEECH("figure-of-speech-detection", Competence.FUNCTIONAL, 0),
    HINDU_KNOWLEDGE("hindu-knowledge", Competence.FUNCTIONAL, 50),
    LOGICAL_DEDUCTION("logical-deduction", Competence.FUNCTIONAL, 0),
    MISCONCEPTIONS("misconceptions", Competence.FUNCTIONAL, 50),
    MODIFIED_ARITHMETIC("modified-arithmetic", Competence.FUNCTIONAL, 0),
    PHRASE_RELATEDNESS("phrase-relatedness", Competence.FUNCTIONAL, 50),
    PHYSICAL_INTUITION("physical-intuition", Competence.FUNCTIONAL, 50),
    SOCIAL_IQA("social-iqa", Competence.FUNCTIONAL, 0),
    STRANGE_STORIES("strange-stories", Competence.FUNCTIONAL, 0),
    STRATEGY_QA("strategy-qa", Competence.FUNCTIONAL, 27);

    private final String code;
    private final Competence competence;
    private final int memorisable;

    FormTask(String code, Competence competence, int memorisable) {
        this.code = code;
        this.competence = competence;
        this.memorisable = memorisable;
    }

    /// The name in files.
    String code() {
        return code;
    }

    /// Rules of the language, or what language is used for.
    Competence competence() {
        return competence;
    }

    /// Of the 50 published examples that the authors inspected, those that can be answered from memory.
    int memorisableOf50() {
        return memorisable;
    }

    /// Whether most of them can.
    boolean memorisable() {
        return memorisable > 25;
    }

    enum Competence {
        FORMAL,
        FUNCTIONAL
    }
}
