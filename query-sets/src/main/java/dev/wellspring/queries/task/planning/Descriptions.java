package dev.wellspring.queries.task.planning;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What the two domains are, at the head of a prompt: the texts of PlanBench, letter by letter.
final class Descriptions {
    private static final String BLOCK_RULES = """

            I have the following restrictions on my actions:
            I can only pick up or unstack one block at a time.
            I can only pick up or unstack a block if my hand is empty.
            I can only pick up a block if the block is on the table and the block is clear. A block is clear if the \
            block has no other blocks on top of it and if the block is not picked up.
            I can only unstack a block from on top of another block if the block I am unstacking was really on top of \
            the other block.
            I can only unstack a block from on top of another block if the block I am unstacking is clear.
            Once I pick up or unstack a block, I am holding the block.
            I can only put down a block that I am holding.
            I can only stack a block on top of another block if I am holding the block being stacked.
            I can only stack a block on top of another block if the block onto which I am stacking the block is clear.
            Once I put down or stack a block, my hand becomes empty.
            Once you stack a block on top of a second block, the second block is no longer clear.
            """;

    private static final String BLOCKS = """
            I am playing with a set of blocks where I need to arrange the blocks into stacks. Here are the actions I \
            can do

            Pick up a block
            Unstack a block from on top of another block
            Put down a block
            Stack a block on top of another block
            """;

    private static final String TIMED_BLOCKS = """
            I am playing with a set of blocks where I need to arrange the blocks into stacks. Here are the actions I \
            can do:

            Pick up a block. It takes 1 minute to pick up a block.
            Unstack a block from on top of another block. It takes 1 minute to unstack a block from on top of another \
            block.
            Put down a block. It takes 1 minute to put down a block.
            Stack a block on top of another block. It takes 1 minute to stack a block on top of another block.
            """;

    private static final String PACKAGES = """
            I have to plan logistics to transport packages within cities via trucks and between cities via airplanes. \
            Locations within a city are directly connected (trucks can move between any two such locations), and so \
            are the cities. In each city there is exactly one truck and each city has one location that serves as an \
            airport.
            Here are the actions that can be performed:

            """;

    private static final String PACKAGE_ACTIONS = """
            Load a package into a truck. For example, load package_1 into truck_1 at location_1_1.
            Load a package into an airplane. For example, load package_1 into airplane_1 at location_1_1.
            Unload a package from a truck. For example, unload package_1 from truck_1 at location_1_1.
            Unload a package from an airplane. For example, unload package_1 from airplane_1 at location_1_1.
            Drive a truck from one location to another location. For example, drive truck_1 from location_1_1 to \
            location_1_2 in city_1.
            Fly an airplane from one city to another city. For example, fly airplane_1 from location_1_1 to \
            location_2_1. Here location_1_1 is the airport in city_1 and location_2_1 is the airport in city_2.
            """;

    private static final String TIMED_PACKAGE_ACTIONS = """
            Load a package into a truck. It takes one minute to do this action.
            Load a package into an airplane. It takes one minute to do this action.
            Unload a package from a truck. It takes one minute to do this action.
            Unload a package from an airplane. It takes one minute to do this action.
            Drive a truck from one location to another location. It takes two minutes to do this action.
            Fly an airplane from one city to another city. It takes five minutes to do this action.
            """;

    private static final String PACKAGE_RULES = """

            The following are the restrictions on the actions:
            A package can be loaded into a truck only if the package and the truck are in the same location.
            Once a package is loaded into a truck, the package is not at the location and is in the truck.  \s
            A package can be loaded into an airplane only if the package and the airplane are in the same location.
            Once a package is loaded into an airplane, the package is not at the location and is in the airplane.
            A package can be unloaded from a truck only if the package is in the truck.
            Once a package is unloaded from a truck, the package is not in the truck and is at the location of the truck.
            A package can be unloaded from an airplane only if the package in the airplane.
            Once a package is unloaded from an airplane, the package is not in the airplane and is at the location of \
            the airplane.  \s
            A truck can be driven from one location to another if the truck is at the from-location and both \
            from-location and to-location are locations in the same city.
            Once a truck is driven from one location to another, it is not at the from-location and is at the \
            to-location.
            An airplane can be flown from one city to another if the from-location and the to-location are airports \
            and the airplane is at the from-location.
            Once an airplane is flown from one city to another the airplane is not at the from-location and is at the \
            to-location.
            """;

    private static final String OBJECTS = "I am playing with a set of objects. Here are the actions I can do\n\n";

    private static final String RENAMED_BLOCKS = """
               {pick-up} object
               {unstack} object from another object
               {put-down} object
               {stack} object from another object
            """;

    private static final String TIMED_RENAMED_BLOCKS = """
            {pick-up} object. It takes 1 minute to do the {pick-up} action.
            {unstack} object from another object. It takes 1 minute to do the {unstack} action.
            {put-down} object. It takes 1 minute to do the {put-down} action.
            {stack} object from another object. It takes 1 minute to do the {stack} action.
            """;

    private static final String RENAMED_RULES = """

            I have the following restrictions on my actions:
                To perform {pick-up} action, the following facts need to be true: {clear} object, {ontable} object, \
            {handempty}.
                Once {pick-up} action is performed the following facts will be true: {holding} object.
                Once {pick-up} action is performed the following facts will be false: {clear} object, {ontable} object, \
            {handempty}.
                To perform {put-down} action, the following facts need to be true: {holding} object.
                Once {put-down} action is performed the following facts will be true: {clear} object, {ontable} object, \
            {handempty}.   \s
                Once {put-down} action is performed the following facts will be false: {holding} object.
                To perform {stack} action, the following needs to be true: {clear} other object, {holding} object.
                Once {stack} action is performed the following will be true: {handempty}, {clear} object, Object {on} \
            other object.
                Once {stack} action is performed the following will be false: {clear} other object, {holding} object.
                To perform {unstack} action, the following needs to be true: Object {on} other object, {clear} object, \
            {handempty}.
                Once {unstack} action is performed the following will be true: {holding} object, {clear} other object.
                Once {unstack} action is performed the following will be false:, Object {on} other object, {clear} \
            object, {handempty}.
            """;

    /// PlanBench tells the renamed actions of Logistics in this order.
    private static final List<String> ORDER =
            List.of("unload-airplane", "load-airplane", "load-truck", "drive-truck", "fly-airplane", "unload-truck");

    private Descriptions() {}

    static Skin.Description plain(World world) {
        return switch (world) {
            case Blocksworld ignored -> timed -> (timed ? TIMED_BLOCKS : BLOCKS) + BLOCK_RULES;
            case Logistics ignored ->
                timed -> PACKAGES + (timed ? TIMED_PACKAGE_ACTIONS : PACKAGE_ACTIONS) + PACKAGE_RULES;
        };
    }

    /// The description in other words for operators and predicates.
    ///
    /// @param capital whether Blocksworld's begin with capitals
    static Skin.Description renamed(World world, Map<String, String> words, boolean capital) {
        return switch (world) {
            case Blocksworld ignored ->
                timed -> filled(
                        OBJECTS
                                + (timed ? TIMED_RENAMED_BLOCKS : RENAMED_BLOCKS)
                                + RENAMED_RULES
                                + (timed ? "    \n" : ""),
                        words,
                        capital);
            case Logistics ignored -> timed -> spelt(world.domain(), words, timed);
        };
    }

    private static String filled(String template, Map<String, String> words, boolean capital) {
        String text = template;
        for (Map.Entry<String, String> word : words.entrySet()) {
            text = text.replace("{" + word.getKey() + "}", capital ? capital(word.getValue()) : word.getValue());
        }
        return text;
    }

    private static String spelt(Domain domain, Map<String, String> words, boolean timed) {
        StringBuilder actions = new StringBuilder(OBJECTS);
        StringBuilder rules = new StringBuilder("\nI have the following restrictions on my actions:\n");
        for (Operator operator : inOrder(domain)) {
            String action = word(words, operator.name());
            actions.append(capital(action))
                    .append(numbered(operator.parameters().size()))
                    .append('.');
            if (timed) {
                actions.append(" It takes ")
                        .append(minutes(operator.minutes()))
                        .append(" to ")
                        .append(action)
                        .append('.');
            }
            actions.append('\n');
            rules.append("To perform ").append(action).append(" action, the following facts need to be true: ");
            rules.append(facts(operator.preconditions(), operator, words)).append('\n');
            rules.append("Once ").append(action).append(" is performed the following facts will be true: ");
            rules.append(facts(operator.additions(), operator, words)).append('\n');
            rules.append("Once ").append(action).append(" is performed the following facts will be false: ");
            rules.append(facts(operator.deletions(), operator, words)).append('\n');
        }
        return actions.append(rules).toString();
    }

    private static List<Operator> inOrder(Domain domain) {
        return domain.operators().stream()
                .sorted(Comparator.comparingInt(operator -> ORDER.indexOf(operator.name())))
                .toList();
    }

    private static String numbered(int objects) {
        return IntStream.range(0, objects).mapToObj(i -> " object_" + i).collect(Collectors.joining());
    }

    private static String minutes(int minutes) {
        List<String> numbers = List.of("zero", "one", "two", "three", "four", "five");
        return numbers.get(minutes) + (minutes == 1 ? " minute" : " minutes");
    }

    private static String facts(List<Fact> facts, Operator operator, Map<String, String> words) {
        List<String> said = facts.stream()
                .map(fact -> word(words, fact.predicate())
                        + fact.arguments().stream()
                                .map(name -> " object_" + operator.parameters().indexOf(name))
                                .collect(Collectors.joining()))
                .toList();
        return said.size() < 2
                ? String.join("", said)
                : String.join(", ", said.subList(0, said.size() - 1)) + ", and " + said.getLast();
    }

    private static String capital(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }

    private static String word(Map<String, String> words, String symbol) {
        String word = words.get(symbol);
        if (word == null) {
            throw new IllegalArgumentException("expected a word for " + symbol + ", got none");
        }
        return word;
    }
}
