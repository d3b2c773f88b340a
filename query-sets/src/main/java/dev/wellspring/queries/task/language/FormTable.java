package dev.wellspring.queries.task.language;

import java.util.Arrays;
import java.util.List;

/// Items that are written out, one in a line: the question, the right option, the others.
final class FormTable {
    private FormTable() {}

    /// The items of a task in their order, or none if the task's items are derived.
    static List<Item> of(FormTask task) {
        return text(task).lines().map(FormTable::item).toList();
    }

    private static Item item(String line) {
        List<String> parts = Arrays.asList(line.split("\\|", -1));
        return new Item(parts.getFirst(), parts.get(1), parts.subList(2, parts.size()));
    }

    private static String text(FormTask task) {
        return switch (task) {
            case ENGLISH_PROVERBS -> """
                Mira left her umbrella at home twice and got wet; now she packs it first. Which proverb fits?|once bitten, twice shy|the early bird catches the worm|many hands make light work
                The whole street helped to move the piano, and it was done in an hour. Which proverb fits?|many hands make light work|too many cooks spoil the broth|better late than never
                Tom handed in his essay a day after the others, but he did hand it in. Which proverb fits?|better late than never|once bitten, twice shy|a stitch in time saves nine
                Six people salted the same soup. Which proverb fits?|too many cooks spoil the broth|many hands make light work|the early bird catches the worm
                Ada came to the sale before it opened and got the last lamp. Which proverb fits?|the early bird catches the worm|better late than never|too many cooks spoil the broth
                Ben mended the small tear at once, before the sail could rip. Which proverb fits?|a stitch in time saves nine|better late than never|once bitten, twice shy
                """;
            case RHYMING -> """
                Which word rhymes with "cake"?|lake|luck|kite
                Which word rhymes with "night"?|white|neat|knot
                Which word rhymes with "moon"?|tune|moan|mine
                Which word rhymes with "chair"?|bear|beer|cheer
                Which word rhymes with "stone"?|grown|gone|stain
                Which word rhymes with "four"?|door|fire|fear
                """;
            case COMMONSENSE_QA -> """
                Where would you put a wet coat so that it dries?|on a hook|in a drawer|in a suitcase
                What do people do before they cross a busy road?|look both ways|close their eyes|lie down
                What would you use to cut bread?|a knife|a spoon|a towel
                Where do you wait for a train?|on a platform|in a pool|on a roof
                What happens to ice cream in the sun?|it melts|it grows|it rusts
                What do you need to read at night?|a lamp|a ladder|a pillow
                """;
            case COMMON_MORPHEME -> """
                What do the words "visible", "vision" and "visit" have in common?|see|hear|touch
                What do the words "portable", "export" and "transport" have in common?|carry|cut|count
                What do the words "audible", "audience" and "audio" have in common?|hear|see|speak
                What do the words "dictate", "predict" and "verdict" have in common?|say|build|sleep
                What do the words "telegraph", "biography" and "graphite" have in common?|write|burn|measure
                What do the words "manual", "manuscript" and "manicure" have in common?|hand|man|year
                """;
            case FACT_CHECKER -> """
                Claim: Paris is the capital of France. Is the claim true or false?|true|false
                Claim: Water freezes at 50 degrees Celsius. Is the claim true or false?|false|true
                Claim: Spiders have eight legs. Is the claim true or false?|true|false
                Claim: The Nile is a river in South America. Is the claim true or false?|false|true
                Claim: Mercury is the planet nearest to the Sun. Is the claim true or false?|true|false
                Claim: A year has fourteen months. Is the claim true or false?|false|true
                """;
            case FIGURE_OF_SPEECH -> """
                The lake lay like a mirror. Which figure of speech is this?|simile|hyperbole|personification
                I have told you a million times. Which figure of speech is this?|hyperbole|simile|alliteration
                The wind whispered its secrets to us. Which figure of speech is this?|personification|hyperbole|simile
                Peter's pup picked purple pansies. Which figure of speech is this?|alliteration|metaphor|simile
                His voice is gravel. Which figure of speech is this?|metaphor|simile|alliteration
                The old house groaned in its sleep. Which figure of speech is this?|personification|alliteration|hyperbole
                """;
            case HINDU_KNOWLEDGE -> """
                Which animal carries Ganesha?|a mouse|a lion|a swan
                Whose wife is Sita?|Rama|Krishna|Indra
                How many days does the war in the Mahabharata last?|eighteen|seven|forty
                Which instrument does Krishna play?|the flute|the drum|the lute
                Who is the son of the wind?|Hanuman|Arjuna|Ravana
                Who rules Lanka in the Ramayana?|Ravana|Hanuman|Lakshmana
                """;
            case MISCONCEPTIONS -> """
                Does lightning never strike the same place twice?|no, it can strike a place again|yes, it never does
                Do bats see nothing at all?|no, bats can see|yes, all bats are blind
                Do people use only a tenth of their brains?|no, all of it is used|yes, only a tenth
                Does sugar make children overactive?|no, studies find no such effect|yes, it is proven
                Can the Great Wall be seen from the Moon with the naked eye?|no, it is far too narrow|yes, it can
                Do goldfish forget everything after three seconds?|no, they remember for months|yes, they do
                """;
            case PHRASE_RELATEDNESS -> """
                Which phrase is most related to "home town"?|place of birth|town hall clock|home run
                Which phrase is most related to "ice age"?|glacial period|ice cream|old age
                Which phrase is most related to "credit card"?|bank account|playing card|film credit
                Which phrase is most related to "heart attack"?|chest pain|heart shape|attack dog
                Which phrase is most related to "rush hour"?|heavy traffic|hour hand|rush mat
                Which phrase is most related to "life boat"?|rescue at sea|life story|house boat
                """;
            case PHYSICAL_INTUITION -> """
                A hammer and a feather fall on the Moon, where there is no air. Which lands first?|they land together|the hammer|the feather
                Ice floats in a full glass of water and melts. What does the water do?|stay at the brim|overflow|sink
                A spinning skater pulls her arms in. What happens?|she spins faster|she spins slower|she stops
                A metal and a wooden spoon lie in the same room. Which feels colder?|the metal spoon|the wooden spoon
                A sealed bottle of air is put into a freezer. What happens to its pressure?|it falls|it rises|it stays the same
                Which sinks in fresh water?|a steel nail|a cork|an ice cube
                """;
            case SOCIAL_IQA -> """
                Robin gave the lost purse back to its owner. How would you describe Robin?|honest|greedy|careless
                Jan spilled coffee on a friend's coat. What will Jan do next?|apologise|ask for money|laugh at the friend
                Alex studied for weeks and passed the test. How does Alex feel?|proud|ashamed|bored
                Sam shared a lunch with a new classmate. Why did Sam do this?|to be kind|to be rude|to get rid of the class
                Kim was not asked to the party that all friends went to. How does Kim feel?|left out|relaxed|thankful
                Lee held the door for a man with a pram. What does the man say next?|thank you|go away|good night
                """;
            case STRANGE_STORIES -> """
                Ann hates her gift but tells her aunt that it is lovely. Why does she say so?|to spare her aunt's feelings|because she likes the gift|because she did not see the gift
                Bob has a cold and says, "I have a frog in my throat." What does he mean?|his voice is hoarse|he has eaten a frog|he keeps a frog
                On a day of pouring rain, Cleo says, "What lovely weather for a picnic." What does she mean?|the weather is bad|the weather is good|she is hungry
                Dan hides the last biscuit and says that he has seen none. Why does he say so?|to keep the biscuit|because he saw none|to help the others look
                Eve looks for the ball where she left it; her brother has moved it. Why does she look there?|she does not know that it was moved|she does not want the ball|she moved it herself
                Finn, a soldier who is caught, tells the truth, knowing that nobody will believe him. Why?|to mislead them|to help them|because he cannot lie
                """;
            case STRATEGY_QA -> """
                Could a penguin that swims meet a wild polar bear near its home?|no|yes
                Would a letter posted today reach Julius Caesar?|no|yes
                Could two people with the same birthday be born in different years?|yes|no
                Would a pear sink in fresh water because it is made of lead?|no|yes
                Could Mozart have heard music by Bach?|yes|no
                Would a vegetarian be served a dish without meat gladly?|yes|no
                """;
            case CAUSAL_JUDGEMENT,
                    IMPLICATURES,
                    NONSENSE_WORDS_GRAMMAR,
                    TRACKING_SHUFFLED_OBJECTS,
                    GRADE_SCHOOL_MATHS,
                    ANALYTIC_ENTAILMENT,
                    CODENAMES,
                    LOGICAL_DEDUCTION,
                    MODIFIED_ARITHMETIC -> "";
        };
    }
}
