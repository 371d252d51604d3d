using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using HarvestTools.Erasure;
using HarvestTools.LabelStudio.Reading;

namespace HarvestTools.Tests.Erasure;

/// <summary>What of a task is a person's, and what stays of it.</summary>
public sealed class PersonRedactorTests
{
    private const string Ana = "ana@example.org";

    [Fact]
    public void Annotations_of_the_person_go_and_counters_follow()
    {
        (string left, RedactionCounts found) = Redact(
            """{"id":1,"total_annotations":2,"cancelled_annotations":1,"annotations":[{"id":10,"completed_by":7,"result":[]},{"id":11,"completed_by":8,"result":[]},{"id":12,"completed_by":{"id":7,"email":"x"},"was_cancelled":true}]}""");

        Assert.Equal("""{"id":1,"total_annotations":1,"cancelled_annotations":0,"annotations":[{"id":11,"completed_by":8,"result":[]}]}""", left);
        Assert.Equal((1, 2, 0), (found.Tasks, found.Annotations, found.Mentions));
    }

    [Theory]
    [InlineData("[1]", "[1]")]
    [InlineData("[7]", "[]")]
    [InlineData("[ 7 , 1 ]", "[ 1 ]")]
    [InlineData("[ 1 , 7 ]", "[ 1 ]")]
    [InlineData("[1,7,7,2,7]", "[1,2]")]
    [InlineData("[ 7,7 ]", "[  ]")]
    public void A_list_keeps_the_commas_that_it_needs(string people, string left) => Assert.Equal(
        "{\"id\":1,\"comment_authors\":" + left + "}", Redact("{\"id\":1,\"comment_authors\":" + people + "}").Left);

    [Fact]
    public void Other_places_that_name_the_person_become_null()
    {
        (string left, RedactionCounts found) = Redact(
            """{"id":7,"updated_by":7,"project":7,"annotations":[{"id":7,"completed_by":8,"updated_by":7,"last_created_by":{"id":7},"reviews":[{"created_by":7,"accepted":true},{"created_by":9}]}],"inner_id":7}""");

        Assert.Equal(
            """{"id":7,"updated_by":null,"project":7,"annotations":[{"id":7,"completed_by":8,"updated_by":null,"last_created_by":null,"reviews":[{"created_by":9}]}],"inner_id":7}""", left);
        Assert.Equal((0, 4), (found.Annotations, found.Mentions));
    }

    [Fact]
    public void A_draft_is_known_by_its_author_s_address_or_display_name()
    {
        (string left, RedactionCounts found) = Redact(
            """{"id":1,"drafts":[{"id":1,"user":"Ana@Example.org"},{"id":2,"created_username":" ana@example.org, 7"},{"id":3,"created_username":" bob@example.org, 17","user":"bob@example.org"}]}""");

        Assert.Equal("""{"id":1,"drafts":[{"id":3,"created_username":" bob@example.org, 17","user":"bob@example.org"}]}""", left);
        Assert.Equal(2, found.Drafts);
    }

    [Fact]
    public void Ids_in_data_and_labels_are_nobody_s()
    {
        string task = """{"id":1,"data":{"user":7,"completed_by":7},"meta":{"user_id":7},"annotations":[{"id":2,"completed_by":8,"result":[{"id":"7","user":7,"value":{"created_by":7}}]}],"predictions":[{"user":7}]}""";

        Assert.Equal((task, RedactionCounts.None), Redact(task));
    }

    [Fact]
    public void An_address_in_a_text_is_taken_out_also_where_it_is_escaped()
    {
        (string left, RedactionCounts found) = Redact(
            """{"id":1,"data":{"text":"by ana\u0040example.org \"yes\" ä"},"annotations":[{"id":2,"completed_by":8,"result":[{"meta":{"text":["ask ANA@example.org"]}}]}]}""");

        Assert.Equal("""{"id":1,"data":{"text":"by erased \"yes\" ä"},"annotations":[{"id":2,"completed_by":8,"result":[{"meta":{"text":["ask erased"]}}]}]}""", left);
        Assert.Equal(2, found.Mentions);
    }

    [Theory]
    [InlineData("joana@example.org")]
    [InlineData("x.ana@example.org")]
    [InlineData("ana@example.orgs")]
    [InlineData("ana@example.org.uk")]
    [InlineData("ana+ana@example.org")]
    public void An_address_that_has_the_person_s_as_a_part_is_another_s(string address)
    {
        string task = "{\"id\":1,\"data\":{\"t\":\"" + address + "\"},\"annotations\":[{\"completed_by\":{\"id\":8,\"email\":\"" + address + "\"}}],\"drafts\":[{\"user\":\"" + address
            + "\",\"created_username\":\" " + address + ", 8\"}]}";

        Assert.Equal((task, RedactionCounts.None), Redact(task));
    }

    [Theory]
    [InlineData("ask ana@example.org.", "ask erased.")]
    [InlineData("<ana@example.org>, ana@example.org", "<erased>, erased")]
    public void An_address_ends_where_a_sentence_does(string text, string left) =>
        Assert.Equal("{\"data\":\"" + left + "\"}", Redact("{\"data\":\"" + text + "\"}").Left);

    [Fact]
    public void Half_of_a_surrogate_pair_is_a_text_like_any_other()
    {
        string task = """{"id":1,"data":{"text":"\ud800"},"created_username":"\ud800, 8","annotations":[]}""";

        Assert.Equal(task, Redact(task).Left);
    }

    [Fact]
    public void Copies_of_the_person_s_work_are_counted_and_stay()
    {
        (string left, RedactionCounts found) = Redact(
            """{"id":1,"annotations":[{"id":10,"completed_by":7},{"id":11,"completed_by":8,"parent_annotation":10},{"id":12,"completed_by":9,"parent_annotation":11}]}""");

        Assert.Contains("\"parent_annotation\":10", left, StringComparison.Ordinal);
        Assert.Equal(1, found.Copies);
    }

    [Fact]
    public void Spacing_and_escapes_of_what_stays_are_kept()
    {
        string task = "{ \"id\" : 1,\n  \"data\": {\"image\": \"\\/data\\/a.jpg\", \"n\": 1.50e1},\n  \"annotations\" : [ {\"completed_by\" : 7} ,\n {\"completed_by\" : 8, \"x\":\"\\u00e4\"} ] }";

        Assert.Equal(task.Replace("{\"completed_by\" : 7} ,\n ", "", StringComparison.Ordinal), Redact(task).Left);
    }

    [Fact]
    public void What_is_left_is_found_by_nobody_once_more()
    {
        (string left, _) = Redact("""{"id":1,"updated_by":[{"user_id":7},{"user_id":8}],"annotations":[{"completed_by":7,"result":[]}],"drafts":[{"user":"ana@example.org"}],"data":{"t":"ana@example.org"}}""");

        Assert.Equal((left, RedactionCounts.None), Redact(left));
        Assert.Equal("""{"id":1,"updated_by":[{"user_id":8}],"annotations":[],"drafts":[],"data":{"t":"erased"}}""", left);
    }

    [Fact]
    public void Addresses_are_found_by_id_alone()
    {
        var names = new PersonEmails(7);
        names.Process(Task("""{"annotations":[{"completed_by":{"id":7,"email":"a@x.org","first_name":"A"}},{"completed_by":{"id":77,"email":"no@x.org"}},{"id":7,"email":"none"}],"drafts":[{"created_username":"Ana B. b@x.org, 7"},{"created_username":" no@x.org, 17"}]}"""));

        Assert.Equal(["a@x.org", "b@x.org"], names.Found.Order());
    }

    internal static RawTask Task(string json)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(json);
        return new RawTask("a.json", bytes, 0, bytes.Length, 1, 1, 1);
    }

    /// <summary>What is left of a task, as text and well-formed.</summary>
    internal static (string Left, RedactionCounts Found) Redact(string json, ITaskRedactor? redactor = null)
    {
        redactor ??= new PersonRedactor(new Person(7, [Ana]));
        var cuts = new TextCuts();
        TaskFate fate = redactor.Redact(Task(json), cuts);
        var left = new ArrayBufferWriter<byte>();
        cuts.Write(Encoding.UTF8.GetBytes(json), left);
        string text = Encoding.UTF8.GetString(left.WrittenSpan);
        Assert.NotNull(JsonNode.Parse(text));
        Assert.Equal(fate == TaskFate.Changes, text != json);
        return (text, redactor.Found);
    }
}
