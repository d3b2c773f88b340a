package dev.wellspring.queries.task.planning;

import dev.wellspring.queries.corpus.CorpusException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Packages, one truck in each city and one airplane between the airports: six actions.
///
/// What an object is stands in the state, as it does in the untyped domain of the planning competitions.
///
/// @param cities 1 to 3
/// @param locations in each city, 2 or 3, the first being its airport
/// @param packages 1 to 3
public record Logistics(int cities, int locations, int packages) implements World {
    private static final int MAX_CITIES = 3;
    private static final int MAX_LOCATIONS = 3;
    private static final int MAX_PACKAGES = 9;
    private static final Domain DOMAIN = new Domain(
            "logistics",
            List.of(
                    load("load-truck", "truck"),
                    load("load-airplane", "airplane"),
                    unload("unload-truck", "truck"),
                    unload("unload-airplane", "airplane"),
                    new Operator(
                            "drive-truck",
                            List.of("?t", "?from", "?to", "?c"),
                            List.of(
                                    Fact.of("truck", "?t"),
                                    Fact.of("at", "?t", "?from"),
                                    Fact.of("in-city", "?from", "?c"),
                                    Fact.of("in-city", "?to", "?c")),
                            List.of(Fact.of("at", "?t", "?to")),
                            List.of(Fact.of("at", "?t", "?from"))),
                    new Operator(
                            "fly-airplane",
                            List.of("?a", "?from", "?to"),
                            List.of(
                                    Fact.of("airplane", "?a"),
                                    Fact.of("airport", "?from"),
                                    Fact.of("airport", "?to"),
                                    Fact.of("at", "?a", "?from")),
                            List.of(Fact.of("at", "?a", "?to")),
                            List.of(Fact.of("at", "?a", "?from")))),
            Set.of("at", "in"));

    /// Checks the sizes.
    public Logistics {
        check("cities", cities, 1, MAX_CITIES);
        check("locations", locations, 2, MAX_LOCATIONS);
        check("packages", packages, 1, 3);
    }

    @Override
    public Domain domain() {
        return DOMAIN;
    }

    @Override
    public List<String> universe() {
        return objects(MAX_CITIES, MAX_LOCATIONS, MAX_PACKAGES);
    }

    /// Goal: every package at a random location, at least one of them elsewhere than at the start.
    @Override
    public Problem draw(SplittableRandom random) {
        while (true) {
            List<Fact> facts = map(cities, locations, packages);
            List<Fact> goal = new ArrayList<>();
            for (int city = 0; city < cities; city++) {
                facts.add(Fact.of("at", "truck_" + city, location(city, random.nextInt(locations))));
            }
            facts.add(Fact.of("at", "airplane_0", location(random.nextInt(cities), 0)));
            for (int i = 0; i < packages; i++) {
                facts.add(Fact.of("at", "package_" + i, anywhere(random)));
                goal.add(Fact.of("at", "package_" + i, anywhere(random)));
            }
            State start = new State(facts);
            if (!start.holdsAll(goal)) {
                return new Problem(DOMAIN, objects(cities, locations, packages), start, goal);
            }
        }
    }

    /// One truck carries all packages to the other end of its city: a round loads one and later unloads one. Each
    /// package must be loaded and unloaded, and the truck must drive, so no plan is shorter.
    @Override
    public Solved loop(int rounds, SplittableRandom random) {
        int from = random.nextInt(2);
        String source = location(0, from);
        String target = location(0, 1 - from);
        List<Fact> facts = map(1, 2, rounds);
        facts.add(Fact.of("at", "truck_0", source));
        facts.add(Fact.of("at", "airplane_0", location(0, 0)));
        List<Fact> goal = new ArrayList<>();
        List<Step> loads = new ArrayList<>();
        List<Step> unloads = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            String parcel = "package_" + i;
            facts.add(Fact.of("at", parcel, source));
            goal.add(Fact.of("at", parcel, target));
            loads.add(Step.of("load-truck", parcel, "truck_0", source));
            unloads.add(Step.of("unload-truck", parcel, "truck_0", target));
        }
        List<Step> plan = new ArrayList<>(loads);
        plan.add(Step.of("drive-truck", "truck_0", source, target, "city_0"));
        plan.addAll(unloads);
        return new Solved(new Problem(DOMAIN, objects(1, 2, rounds), new State(facts), goal), plan);
    }

    @Override
    public int maxRounds() {
        return MAX_PACKAGES;
    }

    private String anywhere(SplittableRandom random) {
        return location(random.nextInt(cities), random.nextInt(locations));
    }

    private static String location(int city, int place) {
        return "location_" + city + "_" + place;
    }

    private static List<String> objects(int cities, int locations, int packages) {
        return Stream.of(
                        numbered("package_", packages),
                        numbered("truck_", cities),
                        Stream.of("airplane_0"),
                        IntStream.range(0, cities)
                                .boxed()
                                .flatMap(
                                        city -> IntStream.range(0, locations).mapToObj(place -> location(city, place))),
                        numbered("city_", cities))
                .flatMap(names -> names)
                .toList();
    }

    private static Stream<String> numbered(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i);
    }

    private static List<Fact> map(int cities, int locations, int packages) {
        List<Fact> facts = new ArrayList<>();
        facts.add(Fact.of("airplane", "airplane_0"));
        for (int city = 0; city < cities; city++) {
            facts.add(Fact.of("truck", "truck_" + city));
            facts.add(Fact.of("airport", location(city, 0)));
            for (int place = 0; place < locations; place++) {
                facts.add(Fact.of("in-city", location(city, place), "city_" + city));
            }
        }
        for (int i = 0; i < packages; i++) {
            facts.add(Fact.of("package", "package_" + i));
        }
        return facts;
    }

    private static Operator load(String name, String vehicle) {
        return new Operator(
                name,
                List.of("?p", "?v", "?l"),
                List.of(
                        Fact.of("package", "?p"),
                        Fact.of(vehicle, "?v"),
                        Fact.of("at", "?v", "?l"),
                        Fact.of("at", "?p", "?l")),
                List.of(Fact.of("in", "?p", "?v")),
                List.of(Fact.of("at", "?p", "?l")));
    }

    private static Operator unload(String name, String vehicle) {
        return new Operator(
                name,
                List.of("?p", "?v", "?l"),
                List.of(
                        Fact.of("package", "?p"),
                        Fact.of(vehicle, "?v"),
                        Fact.of("at", "?v", "?l"),
                        Fact.of("in", "?p", "?v")),
                List.of(Fact.of("at", "?p", "?l")),
                List.of(Fact.of("in", "?p", "?v")));
    }

    private static void check(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw CorpusException.at(
                    "parameter " + name, min + " to " + max, String.valueOf(value), "choose a number in that range");
        }
    }
}
