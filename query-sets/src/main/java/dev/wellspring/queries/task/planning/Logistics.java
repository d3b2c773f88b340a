package dev.wellspring.queries.task.planning;

import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.task.Parameter;
import dev.wellspring.queries.task.Parameters;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Packages, one truck in each city and airplanes between the airports: six actions.
///
/// What an object is stands in the state, as it does in the untyped domain of the planning competitions.
///
/// @param cities 1 to 3
/// @param locations in each city, 1 to 3, the first being its airport
/// @param packages 1 to 7
/// @param airplanes 1 to 3
public record Logistics(Range cities, Range locations, Range packages, Range airplanes) implements World {
    private static final int MAX_CITIES = 3;
    private static final int MAX_LOCATIONS = 3;
    private static final int MAX_PACKAGES = 7;
    private static final int MAX_AIRPLANES = 3;
    private static final Domain DOMAIN = new Domain(
            "logistics",
            List.of(
                    new Operator(
                            "load-truck",
                            List.of("?p", "?t", "?l"),
                            Fact.parse("(obj ?p) (truck ?t) (location ?l) (at ?t ?l) (at ?p ?l)"),
                            Fact.parse("(in ?p ?t)"),
                            Fact.parse("(at ?p ?l)"),
                            1),
                    new Operator(
                            "load-airplane",
                            List.of("?p", "?a", "?l"),
                            Fact.parse("(obj ?p) (airplane ?a) (location ?l) (at ?p ?l) (at ?a ?l)"),
                            Fact.parse("(in ?p ?a)"),
                            Fact.parse("(at ?p ?l)"),
                            1),
                    new Operator(
                            "unload-truck",
                            List.of("?p", "?t", "?l"),
                            Fact.parse("(obj ?p) (truck ?t) (location ?l) (at ?t ?l) (in ?p ?t)"),
                            Fact.parse("(at ?p ?l)"),
                            Fact.parse("(in ?p ?t)"),
                            1),
                    new Operator(
                            "unload-airplane",
                            List.of("?p", "?a", "?l"),
                            Fact.parse("(obj ?p) (airplane ?a) (location ?l) (in ?p ?a) (at ?a ?l)"),
                            Fact.parse("(at ?p ?l)"),
                            Fact.parse("(in ?p ?a)"),
                            1),
                    new Operator(
                            "drive-truck",
                            List.of("?t", "?from", "?to", "?c"),
                            Fact.parse("(truck ?t) (location ?from) (location ?to) (city ?c) (at ?t ?from)"
                                    + " (in-city ?from ?c) (in-city ?to ?c)"),
                            Fact.parse("(at ?t ?to)"),
                            Fact.parse("(at ?t ?from)"),
                            2),
                    new Operator(
                            "fly-airplane",
                            List.of("?a", "?from", "?to"),
                            Fact.parse("(airplane ?a) (airport ?from) (airport ?to) (at ?a ?from)"),
                            Fact.parse("(at ?a ?to)"),
                            Fact.parse("(at ?a ?from)"),
                            5)),
            Set.of("at", "in"),
            Map.of("package", "obj", "truck", "truck", "airplane", "airplane", "location", "location", "city", "city"));

    /// Checks the sizes.
    public Logistics {
        check("cities", cities, MAX_CITIES);
        check("locations", locations, MAX_LOCATIONS);
        check("packages", packages, MAX_PACKAGES);
        check("airplanes", airplanes, MAX_AIRPLANES);
        if (cities.max() * locations.max() < 2) {
            throw CorpusException.at(
                    "parameters cities and locations",
                    "two places at least, as a package is to move",
                    "one city with one location",
                    "choose more of either");
        }
    }

    /// A world of one size.
    public static Logistics of(int cities, int locations, int packages, int airplanes) {
        return new Logistics(Range.of(cities), Range.of(locations), Range.of(packages), Range.of(airplanes));
    }

    /// A world whose sizes are parameters.
    ///
    /// @throws CorpusException if a size is outside its bounds
    public static Logistics of(Parameters parameters) {
        return new Logistics(
                Range.of(parameters, "cities", 1, MAX_CITIES),
                Range.of(parameters, "locations", 1, MAX_LOCATIONS),
                Range.of(parameters, "packages", 1, MAX_PACKAGES),
                Range.of(parameters, "airplanes", 1, MAX_AIRPLANES));
    }

    /// These parameters. The defaults are the sizes of PlanBench's instances, whose plans have 3 to 48 steps.
    public static List<Parameter> parameters() {
        return List.of(
                Parameter.of("cities", "2-3", "cities, 1 to 3, a number or a range for each problem to draw from"),
                Parameter.of("locations", "1-3", "locations in each city, 1 to 3, likewise"),
                Parameter.of("packages", "1-7", "packages, 1 to 7, likewise"),
                Parameter.of("airplanes", "1-3", "airplanes, 1 to 3, likewise"));
    }

    @Override
    public Domain domain() {
        return DOMAIN;
    }

    @Override
    public List<String> universe() {
        return Stream.of(
                        numbered("airplane_", MAX_AIRPLANES),
                        numbered("city_", MAX_CITIES),
                        numbered("truck_", MAX_CITIES),
                        locations(0, MAX_PACKAGES + 1),
                        locations(1, MAX_LOCATIONS),
                        locations(2, MAX_LOCATIONS),
                        numbered("package_", MAX_PACKAGES))
                .flatMap(names -> names)
                .toList();
    }

    /// Goal: every package at a random location, at least one of them elsewhere than at the start.
    @Override
    public Problem draw(SplittableRandom random) {
        while (true) {
            int places = locations.draw(random);
            List<List<String>> map = IntStream.range(0, cities.draw(random))
                    .mapToObj(city -> locations(city, places).toList())
                    .toList();
            List<String> all = map.stream().flatMap(List::stream).toList();
            List<Fact> changing = new ArrayList<>();
            for (int city = 0; city < map.size(); city++) {
                changing.add(Fact.of("at", "truck_" + city, one(map.get(city), random)));
            }
            int planes = airplanes.draw(random);
            for (int i = 0; i < planes; i++) {
                changing.add(Fact.of("at", "airplane_" + i, one(map, random).getFirst()));
            }
            int parcels = packages.draw(random);
            List<Fact> goal = new ArrayList<>();
            for (int i = 0; i < parcels; i++) {
                changing.add(Fact.of("at", "package_" + i, one(all, random)));
                goal.add(Fact.of("at", "package_" + i, one(all, random)));
            }
            Problem problem = problem(all, changing, goal);
            if (!problem.start().holdsAll(goal)) {
                return problem;
            }
        }
    }

    /// One truck goes from place to place in its city; a round loads the package that waits there and unloads it at
    /// the next place. Each package must be loaded and unloaded, and the truck must get to each next place, so no
    /// plan is shorter.
    @Override
    public Solved loop(int rounds, SplittableRandom random) {
        List<String> places = World.shuffled(locations(0, rounds + 1).toList(), random);
        List<String> parcels = World.shuffled(numbered("package_", rounds).toList(), random);
        List<Fact> changing = new ArrayList<>();
        changing.add(Fact.of("at", "truck_0", places.getFirst()));
        changing.add(Fact.of("at", "airplane_0", location(0, 0)));
        List<Fact> goal = new ArrayList<>();
        List<Step> plan = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            String parcel = parcels.get(i);
            changing.add(Fact.of("at", parcel, places.get(i)));
            goal.add(Fact.of("at", parcel, places.get(i + 1)));
            plan.add(Step.of("load-truck", parcel, "truck_0", places.get(i)));
            plan.add(Step.of("drive-truck", "truck_0", places.get(i), places.get(i + 1), "city_0"));
            plan.add(Step.of("unload-truck", parcel, "truck_0", places.get(i + 1)));
        }
        List<String> sorted = places.stream().sorted().toList();
        return new Solved(problem(sorted, changing, goal.stream().sorted().toList()), plan);
    }

    @Override
    public int maxRounds() {
        return MAX_PACKAGES;
    }

    @Override
    public boolean carries(State state) {
        return !state.of(Set.of("in")).isEmpty();
    }

    /// Every package in a vehicle lands at a random location other than its goal.
    @Override
    public State surprise(Problem problem, State state, SplittableRandom random) {
        List<Fact> carried = state.of(Set.of("in"));
        List<Fact> landed = new ArrayList<>();
        for (Fact in : carried) {
            String parcel = in.arguments().getFirst();
            List<String> places = problem.objects().stream()
                    .filter(object -> object.startsWith("location"))
                    .filter(place -> !problem.goal().contains(Fact.of("at", parcel, place)))
                    .toList();
            landed.add(Fact.of("at", parcel, one(places, random)));
        }
        return state.change(carried, landed);
    }

    /// A problem with what these facts tell about. The first location of a city is its airport.
    private static Problem problem(List<String> locations, List<Fact> changing, List<Fact> goal) {
        List<Fact> facts = new ArrayList<>(changing);
        Set<String> objects = new LinkedHashSet<>();
        changing.forEach(fact -> objects.add(fact.arguments().getFirst()));
        for (String location : locations) {
            String city = "city_" + location.charAt("location_".length());
            objects.add(location);
            objects.add(city);
            facts.add(Fact.of("in-city", location, city));
            if (location.endsWith("_0")) {
                facts.add(Fact.of("airport", location));
            }
        }
        facts.addAll(DOMAIN.kindsOf(objects));
        return new Problem(DOMAIN, List.copyOf(objects), new State(facts), goal);
    }

    private static <T> T one(List<T> elements, SplittableRandom random) {
        return elements.get(random.nextInt(elements.size()));
    }

    private static Stream<String> locations(int city, int count) {
        return IntStream.range(0, count).mapToObj(place -> location(city, place));
    }

    private static String location(int city, int place) {
        return "location_" + city + "_" + place;
    }

    private static Stream<String> numbered(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i);
    }

    private static void check(String name, Range value, int max) {
        if (value.min() < 1 || value.max() > max) {
            throw CorpusException.at(
                    "parameter " + name, "1 to " + max, value.toString(), "choose a number in that range");
        }
    }
}
