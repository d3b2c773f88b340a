package dev.wellspring.queries.task.language;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/// Items whose answer follows from the question.
final class DerivedItems {
    private static final List<String> NAMES = List.of("Ada", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gil", "Hana");
    private static final List<String> BALLS = List.of("red", "blue", "green", "white", "black");
    private static final List<List<String>> WORDS = List.of(
            List.of("river", "lake", "brook", "pond"),
            List.of("violin", "drum", "flute", "harp"),
            List.of("oak", "birch", "maple", "pine"),
            List.of("spoon", "fork", "knife", "plate"));
    private static final List<String> CLUES = List.of("water", "music", "forest", "table");

    private final SplittableRandom random;

    DerivedItems(SplittableRandom random) {
        this.random = random;
    }

    Item draw(FormTask task) {
        return switch (task) {
            case CAUSAL_JUDGEMENT -> causalJudgement();
            case IMPLICATURES -> implicature();
            case NONSENSE_WORDS_GRAMMAR -> nonsenseGrammar();
            case TRACKING_SHUFFLED_OBJECTS -> shuffledObjects();
            case GRADE_SCHOOL_MATHS -> gradeSchool();
            case ANALYTIC_ENTAILMENT -> entailment();
            case CODENAMES -> codenames();
            case LOGICAL_DEDUCTION -> deduction();
            case MODIFIED_ARITHMETIC -> modifiedArithmetic();
            case ENGLISH_PROVERBS,
                    RHYMING,
                    COMMONSENSE_QA,
                    COMMON_MORPHEME,
                    FACT_CHECKER,
                    FIGURE_OF_SPEECH,
                    HINDU_KNOWLEDGE,
                    MISCONCEPTIONS,
                    PHRASE_RELATEDNESS,
                    PHYSICAL_INTUITION,
                    SOCIAL_IQA,
                    STRANGE_STORIES,
                    STRATEGY_QA ->
                throw new IllegalArgumentException(task.code() + ": expected a task whose items are derived");
        };
    }

    private Item causalJudgement() {
        List<String> people = some(NAMES, 2);
        boolean needsBoth = random.nextBoolean();
        boolean first = random.nextBoolean();
        boolean second = needsBoth ? random.nextBoolean() : !first;
        boolean opens = needsBoth ? first && second : true;
        return Item.yesNo(
                "The box opens if " + (needsBoth ? "both keys are" : "at least one key is") + " turned. "
                        + people.getFirst() + (first ? " turns" : " does not turn") + " the first key and "
                        + people.getLast() + (second ? " turns" : " does not turn") + " the second. The box "
                        + (opens ? "opens" : "stays shut") + ". Did " + people.getFirst()
                        + " cause the box to open, yes or no?",
                opens && first);
    }

    private Item implicature() {
        List<String> people = some(NAMES, 2);
        String place = one(List.of("the party", "the concert", "the match", "the lake", "the market"));
        boolean yes = random.nextBoolean();
        String reply = yes
                ? one(List.of("I have bought a ticket already.", "I would not miss it.", "My bag is packed."))
                : one(List.of("I have to work all night.", "My leg is broken.", "I am ill in bed."));
        return Item.yesNo(
                people.getFirst() + " asks, \"Are you coming to " + place + "?\" " + people.getLast() + " answers, \""
                        + reply + "\" Does " + people.getLast() + " mean yes or no?",
                yes);
    }

    private Item nonsenseGrammar() {
        List<String> stems = some(List.of("blick", "dax", "fep", "glorp", "minch", "norb", "plim", "tove", "wug"), 4);
        String adjective = stems.get(0) + "y";
        String subject = stems.get(1) + "s";
        String verb = stems.get(2) + "ed";
        String object = stems.get(3);
        return Item.of(
                "The " + adjective + " " + subject + " " + verb + " the " + object
                        + ". Which word is the verb of this sentence?",
                verb,
                adjective,
                subject,
                object);
    }

    private Item shuffledObjects() {
        List<String> people = some(NAMES, 3);
        List<String> balls = new ArrayList<>(some(BALLS, 3));
        List<String> options = List.copyOf(balls);
        StringBuilder story = new StringBuilder();
        for (int i = 0; i < 3; i++) {
            story.append(people.get(i)).append(" has the ").append(balls.get(i)).append(" ball. ");
        }
        for (int swap = 0; swap < 3; swap++) {
            List<Integer> pair = some(List.of(0, 1, 2), 2);
            Collections.swap(balls, pair.getFirst(), pair.getLast());
            story.append(people.get(pair.getFirst())).append(" and ").append(people.get(pair.getLast()));
            story.append(" swap their balls. ");
        }
        int asked = random.nextInt(3);
        story.append("What colour is the ball that ").append(people.get(asked)).append(" has at the end?");
        return new Item(story.toString(), balls.get(asked), without(options, balls.get(asked)));
    }

    private Item gradeSchool() {
        String name = one(NAMES);
        int boxes = random.nextInt(3, 10);
        int each = random.nextInt(4, 13);
        int given = random.nextInt(1, boxes);
        int left = boxes * each - given;
        return Item.of(
                name + " has " + boxes + " boxes with " + each + " pencils in each and gives away " + given
                        + " pencils. How many pencils are left?",
                String.valueOf(left),
                String.valueOf(left + given),
                String.valueOf((boxes - given) * each),
                String.valueOf(boxes + each + 100));
    }

    private Item entailment() {
        String name = one(NAMES);
        List<String> narrow = List.of("grandmother", "violinist", "widow", "beekeeper", "triplet");
        List<String> wide = List.of("mother", "musician", "person", "person", "sibling");
        int chosen = random.nextInt(narrow.size());
        boolean entails = random.nextBoolean();
        String from = entails ? narrow.get(chosen) : wide.get(chosen);
        String to = entails ? wide.get(chosen) : narrow.get(chosen);
        String input =
                name + " is a " + from + ". So " + name + " is a " + to + ". Does the second follow from the first?";
        return entails ? Item.of(input, "entailment", "no entailment") : Item.of(input, "no entailment", "entailment");
    }

    private Item codenames() {
        List<Integer> topics = some(List.of(0, 1, 2, 3), 3);
        List<String> right = some(WORDS.get(topics.getFirst()), 2);
        List<String> board = new ArrayList<>(right);
        List<String> others = some(WORDS.get(topics.get(1)), 2);
        board.addAll(others);
        board.addAll(some(WORDS.get(topics.get(2)), 2));
        List<String> shown = some(board, board.size());
        return Item.of(
                "The words are " + String.join(", ", shown) + ". Which two go with \"" + CLUES.get(topics.getFirst())
                        + "\", in alphabetical order?",
                pair(right),
                pair(others),
                pair(List.of(right.getFirst(), others.getFirst())));
    }

    private Item deduction() {
        List<String> order = some(NAMES, 3);
        List<String> clues = some(
                List.of(
                        order.get(0) + " finished before " + order.get(1) + ".",
                        order.get(1) + " finished before " + order.get(2) + "."),
                2);
        int asked = random.nextInt(3);
        String place = List.of("first", "second", "last").get(asked);
        return new Item(
                String.join(" ", clues) + " Nobody else ran. Who finished " + place + "?",
                order.get(asked),
                without(order, order.get(asked)));
    }

    private Item modifiedArithmetic() {
        int left = random.nextInt(100, 1000);
        int right = random.nextInt(100, 1000);
        int sum = left + right;
        return Item.of(
                "Here every sum is one more than usual. What is " + left + " + " + right + "?",
                String.valueOf(sum + 1),
                String.valueOf(sum),
                String.valueOf(sum + 2));
    }

    private static String pair(List<String> words) {
        return String.join(", ", words.stream().sorted().toList());
    }

    private static List<String> without(List<String> options, String right) {
        return options.stream().filter(option -> !option.equals(right)).toList();
    }

    private <T> T one(List<T> elements) {
        return elements.get(random.nextInt(elements.size()));
    }

    private <T> List<T> some(List<T> elements, int count) {
        return Shuffle.of(elements, random).subList(0, count);
    }
}
