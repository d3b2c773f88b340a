package dev.wellspring.queries.task.planning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// PlanBench's formats, on problems made for these tests: every space and line break is as in the prompts that
/// karthikv792/LLMs-Planning publishes (revision b008bc4). Ours are the problems, not the forms.
final class PlanBenchGoldenTest {
    private static final World BLOCKS = new Blocksworld(3);
    private static final World PACKAGES = Logistics.of(2, 1, 2, 1);
    private static final PlanningText PLAIN = new PlanningText(Skin.of(BLOCKS, SkinName.PLAIN, 0));

    /// Red (a) on blue (b), orange (c) alone; to be orange on red.
    private static final Problem PROBLEM = new Problem(
            BLOCKS.domain(), List.of("a", "b", "c"), Blocksworld.towers("ab c"), List.of(Fact.of("on", "c", "a")));

    private static final List<Step> PLAN = Step.parse("(pick-up c) (stack c a)");

    private static final String STATEMENT = """
            [STATEMENT]
            As initial conditions I have that, the red block is clear, the orange block is clear, the hand is empty, \
            the red block is on top of the blue block, the blue block is on the table and the orange block is on the \
            table.
            """;

    private static final String GOAL = "My goal is to have that the orange block is on top of the red block.";

    private static final String STEPS = """

            pick up the orange block
            stack the orange block on top of the red block
            [PLAN END]""";

    private static final String RULES = """

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

    private static final String INTRODUCTION = """
            I am playing with a set of blocks where I need to arrange the blocks into stacks. Here are the actions I \
            can do

            Pick up a block
            Unstack a block from on top of another block
            Put down a block
            Stack a block on top of another block
            """ + RULES;

    private static Exercise plan(PlanningTask task) {
        return Exercise.plan(task, new World.Solved(PROBLEM, PLAN));
    }

    private static void says(List<Exercise> exercises, String prompt, String completion) {
        assertThat(PLAIN.prompt(exercises)).isEqualTo(prompt);
        assertThat(PLAIN.answer(exercises.getLast())).isEqualTo(completion);
    }

    @Test
    void planGeneration() {
        for (PlanningTask task : List.of(PlanningTask.GENERATION, PlanningTask.GENERALISATION)) {
            says(
                    List.of(plan(task), plan(task)),
                    INTRODUCTION + "\n" + STATEMENT + GOAL + "\n\nMy plan is as follows:\n\n[PLAN]" + STEPS + "\n\n"
                            + STATEMENT + GOAL + "\n\nMy plan is as follows:\n\n[PLAN]",
                    STEPS);
        }
    }

    @Test
    void costOptimalPlanning() {
        String asked = STATEMENT + GOAL + " I want to minimize the time taken to achieve my goal.\n"
                + "My plan is as follows:\n\n[PLAN]";
        says(
                List.of(plan(PlanningTask.OPTIMAL), plan(PlanningTask.OPTIMAL)),
                """
                I am playing with a set of blocks where I need to arrange the blocks into stacks. Here are the actions \
                I can do:

                Pick up a block. It takes 1 minute to pick up a block.
                Unstack a block from on top of another block. It takes 1 minute to unstack a block from on top of \
                another block.
                Put down a block. It takes 1 minute to put down a block.
                Stack a block on top of another block. It takes 1 minute to stack a block on top of another block.
                """ + RULES + "\n" + asked + STEPS + "\nThe total time to execute the plan is 2 minutes.\n\n" + asked
                        + " ",
                STEPS + "\nThe total time to execute the plan is 2 minutes.");
    }

    @Test
    void verification() {
        Exercise valid = Exercise.shown(PlanningTask.VERIFICATION, PROBLEM, PLAN);
        Exercise unmet = Exercise.shown(PlanningTask.VERIFICATION, PROBLEM, PLAN.subList(0, 1));
        Exercise broken = Exercise.shown(PlanningTask.VERIFICATION, PROBLEM, PLAN.subList(1, 2));
        String asked = STATEMENT + GOAL + " \nMy plan is as follows:\n\n[PLAN]\n";
        says(
                List.of(valid, unmet, valid, broken),
                INTRODUCTION + "\n" + asked + """
                        pick up the orange block
                        stack the orange block on top of the red block
                        [PLAN END]

                        [VERIFICATION]
                        The above plan is valid.

                        """ + asked + """
                        pick up the orange block
                        [PLAN END]

                        [VERIFICATION]
                        The above plan is invalid. This is the unmet goal condition:
                        the orange block is on top of the red block
                        """ + asked + """
                        pick up the orange block
                        stack the orange block on top of the red block
                        [PLAN END]

                        [VERIFICATION]
                        The above plan is valid.

                        """ + asked + """
                        stack the orange block on top of the red block
                        [PLAN END]

                        [VERIFICATION]""",
                """

                The above plan is invalid.The following action at step 1 has an unmet precondition:
                stack the orange block on top of the red block
                The unmet precondition is:
                the hand is currently holding orange block""");
    }

    @Test
    void verificationOfSeveralFaults() {
        Problem two = PROBLEM.to(List.of(Fact.of("on", "b", "c"), Fact.of("on", "c", "a")));

        assertThat(PLAIN.answer(
                        Exercise.shown(PlanningTask.VERIFICATION, two, Step.parse("(unstack a b) (put-down a)"))))
                .isEqualTo("""

                        The above plan is invalid. These are the unmet goal conditions:
                        the blue block is on top of the orange block and the orange block is on top of the red block""");
        assertThat(PLAIN.answer(Exercise.shown(
                        PlanningTask.VERIFICATION, two, Step.parse("(unstack a b) (pick-up b) (stack c b)"))))
                .isEqualTo("""

                        The above plan is invalid.The following action at step 2 has an unmet precondition:
                        pick up the blue block
                        The unmet precondition is:
                        the hand is empty""");
        assertThat(PLAIN.answer(Exercise.shown(PlanningTask.VERIFICATION, two, Step.parse("(stack c b)"))))
                .isEqualTo("""

                        The above plan is invalid. The following action at step 1 has unmet preconditions:
                        stack the orange block on top of the blue block
                        The unmet preconditions are:
                        the blue block is clear and the hand is currently holding orange block""");
    }

    @Test
    void planReuse() {
        Exercise prefix = Exercise.plan(
                PlanningTask.REUSE,
                new World.Solved(PROBLEM.to(PROBLEM.after(PLAN.subList(0, 1)).facts()), PLAN.subList(0, 1)));
        says(
                List.of(plan(PlanningTask.REUSE), prefix),
                INTRODUCTION + "\n" + STATEMENT + GOAL + "\nMy plan is as follows:\n\n[PLAN]" + STEPS + "\n \n"
                        + STATEMENT + """
                        My goal is to have that the red block is clear, the hand is currently holding orange block, \
                        the red block is on top of the blue block and the blue block is on the table.
                        My plan is as follows:

                        [PLAN]""",
                "\npick up the orange block\n[PLAN END]");
    }

    /// The orange block lands on the red one in the example; on the table it cannot.
    @Test
    void replanning() {
        Problem flat = new Problem(
                BLOCKS.domain(), List.of("a", "b", "c"), Blocksworld.towers("a b c"), List.of(Fact.of("on", "a", "b")));
        List<Step> plan = Step.parse("(pick-up a) (stack a b)");
        Exercise surprised = new Exercise(
                PlanningTask.REPLANNING,
                flat.start(),
                plan,
                1,
                flat.from(Blocksworld.towers("ac b")),
                Step.parse("(unstack a c) (stack a b)"));
        String asked = """
                [STATEMENT]
                As initial conditions I have that, the red block is clear, the blue block is clear, the orange block \
                is clear, the hand is empty, the red block is on the table, the blue block is on the table and the \
                orange block is on the table.
                My goal is to have that the red block is on top of the blue block.
                My plan is as follows:

                [PLAN]
                pick up the red block
                stack the red block on top of the blue block
                [PLAN END]

                During execution, an unexpected event has occurred.
                After executing the action "pick up the red block" at step 1 in the plan, the following facts \
                unexpectedly became true: the red block is clear, the hand is empty and the red block is on top of the \
                orange block
                The following facts became unexpectedly false: the orange block is clear and the hand is currently \
                holding red block
                After re-planning from the new state, the plan is as follows:
                [PLAN]""";
        String answer = """

                unstack the red block from on top of the orange block
                stack the red block on top of the blue block
                [PLAN END]""";
        says(List.of(surprised, surprised), INTRODUCTION + "\n" + asked + answer + "\n\n" + asked, answer);
    }

    @Test
    void execution() {
        Exercise held = Exercise.shown(PlanningTask.EXECUTION, PROBLEM, PLAN.subList(0, 1));
        String asked = STATEMENT + """
                 I have executed the following action sequence:

                [ACTION SEQUENCE]
                pick up the orange block
                [ACTION SEQUENCE END]
                [RESULTING STATE]
                """;
        String state = "the red block is clear, the hand is currently holding orange block, the red block is on top of"
                + " the blue block and the blue block is on the table";
        says(List.of(held, held), INTRODUCTION + "\n" + asked + state + "\n\n" + asked, state);
    }

    @Test
    void goalReformulation() {
        Problem two = PROBLEM.to(List.of(Fact.of("on", "a", "b"), Fact.of("on", "c", "a")));
        Problem turned = PROBLEM.to(two.goal().reversed());
        Problem full = PROBLEM.to(PROBLEM.after(PLAN).facts());
        String ending = ".\n\nMy plan is as follows:\n\n[PLAN]";
        String asGiven = "My goal is to have that the red block is on top of the blue block and the orange block is on"
                + " top of the red block" + ending;
        String shuffled = "My goal is to have that the orange block is on top of the red block and the red block is on"
                + " top of the blue block" + ending;
        String all = "My goal is to have that the orange block is clear, the hand is empty, the red block is on top of"
                + " the blue block, the orange block is on top of the red block and the blue block is on the table"
                + ending;
        says(
                pair(PlanningTask.SHUFFLED_GOALS, two, turned),
                INTRODUCTION + "\n" + STATEMENT + asGiven + STEPS + "\n\n" + STATEMENT + shuffled,
                STEPS);
        says(
                pair(PlanningTask.FEWER_GOALS, full, PROBLEM),
                INTRODUCTION + "\n" + STATEMENT + all + STEPS + "\n\n" + STATEMENT + GOAL
                        + "\n\nMy plan is as follows:\n\n[PLAN]",
                STEPS);
        says(
                pair(PlanningTask.MORE_GOALS, PROBLEM, full),
                INTRODUCTION + "\n" + STATEMENT + GOAL + "\n\nMy plan is as follows:\n\n[PLAN]" + STEPS + "\n\n"
                        + STATEMENT + all,
                STEPS);
    }

    private static List<Exercise> pair(PlanningTask task, Problem example, Problem asked) {
        return List.of(
                Exercise.plan(task, new World.Solved(example, PLAN)),
                Exercise.plan(task, new World.Solved(asked, PLAN)));
    }

    /// The form is that of PlanBench's prompts for state tracking.
    @Test
    void trace() {
        assertThat(PLAIN.trace(new World.Solved(PROBLEM, PLAN))).isEqualTo("""
                [STATEMENT]
                As initial conditions I have that, the red block is clear, the orange block is clear, the hand is \
                empty, the red block is on top of the blue block, the blue block is on the table and the orange block \
                is on the table
                My goal is to have that the orange block is on top of the red block.
                My plan is as follows:

                [PLAN]
                1. Current State: the red block is clear, the orange block is clear, the hand is empty, the red block \
                is on top of the blue block, the blue block is on the table and the orange block is on the table
                   Action: pick up the orange block
                   Reason: The above action is applicable in the current state because its preconditions; the orange \
                block is clear, the hand is empty and the orange block is on the table, are satisfied in the current \
                state.
                   Resulting State: the red block is clear, the hand is currently holding orange block, the red block \
                is on top of the blue block and the blue block is on the table

                2. Current State: the red block is clear, the hand is currently holding orange block, the red block \
                is on top of the blue block and the blue block is on the table
                   Action: stack the orange block on top of the red block
                   Reason: The above action is applicable in the current state because its preconditions; the red \
                block is clear and the hand is currently holding orange block, are satisfied in the current state.
                   Resulting State: the orange block is clear, the hand is empty, the red block is on top of the blue \
                block, the orange block is on top of the red block and the blue block is on the table

                Final State: the orange block is clear, the hand is empty, the red block is on top of the blue block, \
                the orange block is on top of the red block and the blue block is on the table
                The goal conditions are satisfied in the final state. Hence, the above plan is valid.
                [PLAN END]""");
    }

    /// As published but for the order of facts, which is that of the plain skin: a skin renames and moves nothing.
    @Test
    void mystery() {
        String statement = """
                [STATEMENT]
                As initial conditions I have that, province object a, province object c, harmony, object a craves \
                object b, planet object b and planet object c.
                My goal is to have that object c craves object a.

                My plan is as follows:

                [PLAN]""";
        String steps = "\nattack object c\novercome object c from object a\n[PLAN END]";
        PlanningText text = new PlanningText(Skin.of(BLOCKS, SkinName.MYSTERY, 0));

        assertThat(text.answer(plan(PlanningTask.GENERATION))).isEqualTo(steps);
        assertThat(text.prompt(List.of(plan(PlanningTask.GENERATION), plan(PlanningTask.GENERATION))))
                .isEqualTo("""
                        I am playing with a set of objects. Here are the actions I can do

                           Attack object
                           Feast object from another object
                           Succumb object
                           Overcome object from another object

                        I have the following restrictions on my actions:
                            To perform Attack action, the following facts need to be true: Province object, Planet \
                        object, Harmony.
                            Once Attack action is performed the following facts will be true: Pain object.
                            Once Attack action is performed the following facts will be false: Province object, Planet \
                        object, Harmony.
                            To perform Succumb action, the following facts need to be true: Pain object.
                            Once Succumb action is performed the following facts will be true: Province object, Planet \
                        object, Harmony.   \s
                            Once Succumb action is performed the following facts will be false: Pain object.
                            To perform Overcome action, the following needs to be true: Province other object, Pain \
                        object.
                            Once Overcome action is performed the following will be true: Harmony, Province object, \
                        Object Craves other object.
                            Once Overcome action is performed the following will be false: Province other object, Pain \
                        object.
                            To perform Feast action, the following needs to be true: Object Craves other object, \
                        Province object, Harmony.
                            Once Feast action is performed the following will be true: Pain object, Province other \
                        object.
                            Once Feast action is performed the following will be false:, Object Craves other object, \
                        Province object, Harmony.
                        """ + "\n" + statement + steps + "\n\n" + statement);
    }

    /// Each city is one place, so a package is loaded, flown and unloaded.
    private static Exercise flight(PlanningTask task) {
        List<Fact> facts = new ArrayList<>(Fact.parse("(at package_0 location_1_0) (at truck_0 location_0_0)"
                + " (at truck_1 location_1_0) (at airplane_0 location_1_0) (airport location_0_0)"
                + " (airport location_1_0) (in-city location_0_0 city_0) (in-city location_1_0 city_1)"));
        List<String> objects = facts.stream()
                .flatMap(fact -> fact.arguments().stream())
                .distinct()
                .toList();
        facts.addAll(PACKAGES.domain().kindsOf(objects));
        Problem problem = new Problem(
                PACKAGES.domain(), objects, new State(facts), List.of(Fact.of("at", "package_0", "location_0_0")));
        List<Step> plan = Step.parse("(load-airplane package_0 airplane_0 location_1_0)"
                + " (fly-airplane airplane_0 location_1_0 location_0_0)"
                + " (unload-airplane package_0 airplane_0 location_0_0)");
        return task == PlanningTask.EXECUTION
                ? Exercise.shown(task, problem, plan.subList(0, 1))
                : Exercise.plan(task, new World.Solved(problem, plan));
    }

    @Test
    void logistics() {
        PlanningText text = new PlanningText(Skin.of(PACKAGES, SkinName.PLAIN, 0));
        String statement = """
                [STATEMENT]
                As initial conditions I have that, location_0_0 is an airport, location_1_0 is an airport, airplane_0 \
                is at location_1_0, package_0 is at location_1_0, truck_0 is at location_0_0, truck_1 is at \
                location_1_0, location_0_0 is in the city city_0 and location_1_0 is in the city city_1.
                """;
        String goal = "My goal is to have that package_0 is at location_0_0.";
        String steps = """

                load package_0 into airplane_0 at location_1_0
                fly airplane_0 from location_1_0 to location_0_0
                unload package_0 from airplane_0 at location_0_0
                [PLAN END]""";
        Exercise generation = flight(PlanningTask.GENERATION);

        assertThat(text.prompt(List.of(generation, generation)))
                .startsWith("""
                        I have to plan logistics to transport packages within cities via trucks and between cities via \
                        airplanes. Locations within a city are directly connected (trucks can move between any two such \
                        locations), and so are the cities. In each city there is exactly one truck and each city has \
                        one location that serves as an airport.
                        Here are the actions that can be performed:

                        Load a package into a truck. For example, load package_1 into truck_1 at location_1_1.
                        """)
                .endsWith(statement + goal + "\n\nMy plan is as follows:\n\n[PLAN]" + steps + "\n\n" + statement + goal
                        + "\n\nMy plan is as follows:\n\n[PLAN]");
        assertThat(text.question(flight(PlanningTask.EXECUTION)) + text.answer(flight(PlanningTask.EXECUTION)))
                .isEqualTo(statement + """
                         I have executed the following action sequence:

                        [ACTION SEQUENCE]
                        load package_0 into airplane_0 at location_1_0
                        [ACTION SEQUENCE END]
                        [RESULTING STATE]
                        location_0_0 is an airport, location_1_0 is an airport, airplane_0 is at location_1_0, truck_0 \
                        is at location_0_0, truck_1 is at location_1_0, location_0_0 is in the city city_0, \
                        location_1_0 is in the city city_1 and package_0 is in airplane_0""");
    }

    /// PlanBench's own totals count the actions; ours add up the minutes that its prompts state.
    @Test
    void logisticsWithTimes() {
        PlanningText text = new PlanningText(Skin.of(PACKAGES, SkinName.PLAIN, 0));
        Exercise optimal = flight(PlanningTask.OPTIMAL);

        assertThat(text.answer(optimal)).endsWith("[PLAN END]\nThe total time to execute the plan is 7 minutes.");
        assertThat(text.prompt(List.of(optimal, optimal))).contains("""
                Load a package into a truck. It takes one minute to do this action.
                Load a package into an airplane. It takes one minute to do this action.
                Unload a package from a truck. It takes one minute to do this action.
                Unload a package from an airplane. It takes one minute to do this action.
                Drive a truck from one location to another location. It takes two minutes to do this action.
                Fly an airplane from one city to another city. It takes five minutes to do this action.
                """);
    }

    /// The deceptive words are PlanBench's; objects are numbered through the whole domain and not in each problem.
    @Test
    void mysteryLogistics() {
        PlanningText text = new PlanningText(Skin.of(PACKAGES, SkinName.MYSTERY, 0));
        Exercise generation = flight(PlanningTask.GENERATION);

        assertThat(text.question(generation) + text.answer(generation)).isEqualTo("""
                [STATEMENT]
                As initial conditions I have that, cats object_0, spring object_9, spring object_17, next object_0 \
                object_17, next object_23 object_17, next object_6 object_9, next object_7 object_17, stupendous \
                object_3, stupendous object_4, collect object_9 object_3, collect object_17 object_4, texture \
                object_9, texture object_17, hand object_23, sneeze object_6 and sneeze object_7.
                My goal is to have that next object_23 object_9.

                My plan is as follows:

                [PLAN]
                sip object_23 object_0 object_17
                memory object_0 object_17 object_9
                paltry object_23 object_0 object_9
                [PLAN END]""");
        assertThat(text.prompt(List.of(generation, generation))).startsWith("""
                I am playing with a set of objects. Here are the actions I can do

                Paltry object_0 object_1 object_2.
                Sip object_0 object_1 object_2.
                Clip object_0 object_1 object_2.
                Wretched object_0 object_1 object_2 object_3.
                Memory object_0 object_1 object_2.
                Tightfisted object_0 object_1 object_2.

                I have the following restrictions on my actions:
                To perform paltry action, the following facts need to be true: hand object_0, cats object_1, texture \
                object_2, vase object_0 object_1, and next object_1 object_2
                Once paltry is performed the following facts will be true: next object_0 object_2
                Once paltry is performed the following facts will be false: vase object_0 object_1
                """);
    }
}
