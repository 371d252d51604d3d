using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>What the program says of an export whose labels are odd, and with which exit code.</summary>
public sealed class LabelNoteTests
{
    private const string Box = """
        {"id":"r","type":"rectanglelabels","from_name":"box","to_name":"TAG","origin":"manual","original_width":1000,"original_height":500,"value":{"x":10,"y":10,"width":20,"height":20,"rotation":0,"rectanglelabels":["cup"]}}
        """;

    [Fact]
    public void A_repeated_task_or_annotation_that_differs_is_exit_code_3_with_both_places()
    {
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        string task = Task(1, """{"image":"/d/ep/1.jpg"}""");
        string other = task.Replace("cup", "glass", StringComparison.Ordinal);
        string text = $"[{task},\n{other}]";
        scratch.Write("tasks.json", text);
        string error = scratch.Run("add", "tasks.json", "--project", "p").Exits(3).Error;
        Assert.Contains($"line 1, byte 1 and at line 2, byte {text.IndexOf('\n', StringComparison.Ordinal) + 1}", error, StringComparison.Ordinal);

        const string Annotation = """{"id":1,"completed_by":1,"result":[]}""";
        text = $"[{{\"id\":1,\"data\":{{}},\"annotations\":[{Annotation},\n{Annotation.Replace("\"completed_by\":1", "\"completed_by\":2", StringComparison.Ordinal)}]}}]";
        scratch.Write("annotations.json", text);
        error = scratch.Run("hash", "annotations.json", "--labels").Exits(3).Error;
        Assert.Contains($"line 2, byte {text.IndexOf('\n', StringComparison.Ordinal) + 1}", error, StringComparison.Ordinal);
        Assert.Contains($"the first is at byte {text.IndexOf(Annotation, StringComparison.Ordinal)}", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_that_does_not_fit_is_exit_code_3_at_its_place()
    {
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        string text = $"[{Task(1, """{"image":"/d/ep/1.jpg"}""").Replace("\"completed_by\":1", "\"completed_by\":9223372036854775808", StringComparison.Ordinal)}]";
        scratch.Write("a.json", text);

        string error = scratch.Run("add", "a.json", "--project", "p").Exits(3).Error;

        Assert.Contains($"line 1, byte {text.IndexOf("9223372036854775808", StringComparison.Ordinal)} (task 1, id 1)", error, StringComparison.Ordinal);
    }

    [Fact]
    public void New_notes_media_that_are_not_known_once_and_how_to_map_them()
    {
        const string Data = """{"left_view":"/d/l/1.jpg","right_view":"/d/r/1.jpg"}""";
        string said = New([Task(1, Data), Task(2, Data.Replace("1.jpg", "2.jpg", StringComparison.Ordinal))], null);

        Assert.Equal(2, said.Split("not known by the object tag").Length);
        Assert.Contains("2 media of tasks with several are not known by the object tag", said, StringComparison.Ordinal);
        Assert.Contains("harvest.fields.objects", said, StringComparison.Ordinal);
        Assert.Contains("--label-config", said, StringComparison.Ordinal);
    }

    [Fact]
    public void New_notes_labels_that_the_configuration_does_not_have()
    {
        string said = New(
            [Task(1, """{"image":"/d/ep/1.jpg"}""")],
            """<View><Image name="img" value="$image"/><RectangleLabels name="box" toName="img"><Label value="mug"/></RectangleLabels></View>""");

        Assert.Contains("1 label of regions is not in the labeling configuration, for example box: cup", said, StringComparison.Ordinal);
    }

    [Fact]
    public void New_notes_tasks_that_share_a_frame_with_an_example()
    {
        string said = New([Task(3, """{"image":"/data/upload/7/1a2b3c4d-001.jpg"}"""), Task(5, """{"image":"/data/upload/7/99887766-001.jpg"}""")], null);

        Assert.Contains("2 tasks share task_subdir, episode and frame by their paths, for example tasks 3 and 5", said, StringComparison.Ordinal);
        Assert.Contains("harvest.fields.episode", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_warns_where_only_data_differs_and_fails_where_a_row_does()
    {
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        string With(string note, int frame) => $"[{Task(1, $$"""{"image":"/d/ep/{{frame}}.jpg","note":"{{note}}"}""")}]";
        scratch.Write("a.json", With("one", 1));
        scratch.Run("add", "a.json", "--project", "p", "-q").Exits(0);
        scratch.Run("new", "v1", "-q").Exits(0);

        scratch.Write("a.json", With("two", 1));
        HarvestResult warned = scratch.Run("check").Exits(0);
        Assert.Contains("data.note", warned.Out + warned.Error, StringComparison.Ordinal);

        scratch.Write("a.json", With("two", 2));
        scratch.Run("check").Exits(1);
    }

    private static string New(string[] tasks, string? config)
    {
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        scratch.Write("a.json", $"[{string.Join(',', tasks)}]");
        if (config is null)
        {
            scratch.Run("add", "a.json", "--project", "p", "-q").Exits(0);
        }
        else
        {
            scratch.Write("config.xml", config);
            scratch.Run("add", "a.json", "--project", "p", "--label-config", "config.xml", "-q").Exits(0);
        }

        HarvestResult result = scratch.Run("new", "v1").Exits(0);
        return result.Out + result.Error;
    }

    private static string Task(int id, string data) =>
        $$"""{"id":{{id}},"data":{{data}},"annotations":[{"id":{{id}},"completed_by":1,"result":[{{Box.Replace("TAG", "img", StringComparison.Ordinal).Trim()}}]}]}""";
}
