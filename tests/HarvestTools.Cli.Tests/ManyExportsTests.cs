using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>Adding exports one by one beside so many that keys of their records are kept.</summary>
public sealed class ManyExportsTests : IDisposable
{
    private const int Many = 260;

    private readonly ScratchFolder _scratch = new();

    public ManyExportsTests()
    {
        _scratch.Run("init", "-q").Exits(0);
        for (int i = 0; i < Many; i++)
        {
            Write($"in/{i:D3}.json", project: 7, task: i + 1);
        }

        _scratch.Run("add", "in/*.json", "--project", "hands", "-q").Exits(0);
    }

    private string Keys => _scratch[".harvest/cache/record-keys"];

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void What_add_says_of_one_more_is_what_it_says_of_it_when_all_records_are_read()
    {
        Assert.True(File.Exists(Keys));
        Write("same.json", project: 7, task: 5, spaces: "  ");
        Write("old.json", project: 7, task: 900, day: 1);
        Write("other.json", project: 0, task: 9, spaces: " ");
        Write("new id.json", project: 8, task: 901);

        // Each is asked of the keys first, and then again without them.
        foreach ((string file, string project, int exit, string says) in new[]
            {
                ("other.json", "arms", 2, "LabelsInAnotherProject"),
                ("new id.json", "hands", 2, "ProjectHasAnotherId"),
                ("same.json", "arms", 2, "ProjectHasAnotherName"),
                ("old.json", "hands", 0, "ExportNotNewest"),
            })
        {
            HarvestResult keyed = _scratch.Run("add", file, "--project", project, "--json").Exits(exit);
            File.Delete(Keys);
            HarvestResult read = _scratch.Run("add", file, "--project", project, "--json").Exits(exit);
            Assert.True(exit == 0 || keyed.Out == read.Out, keyed.Out);
            Assert.Contains(says, keyed.Out, StringComparison.Ordinal);
            Write($"one more {file}", project: 7, task: 1000 + file.Length);
            _scratch.Run("add", $"one more {file}", "--project", "hands", "-q").Exits(0);
            Assert.True(File.Exists(Keys));
        }

        JsonElement same = _scratch.Run("add", "same.json", "--project", "hands", "--json").Exits(0).Document().GetProperty("exports")[0];
        Assert.Contains("same_labels", same.GetRawText(), StringComparison.Ordinal);
        _scratch.Run("fsck", "-q").Exits(0);
    }

    [Fact]
    public void A_record_that_another_program_removed_or_put_back_is_known_at_once()
    {
        Write("other.json", project: 0, task: 9, spaces: " ");
        string record = Directory.GetFiles(_scratch[".harvest/archive/exports"]).First(file => File.ReadAllText(file).Contains("in/008.json", StringComparison.Ordinal));
        string aside = _scratch["aside.json"];

        _scratch.Run("add", "other.json", "--project", "arms", "-q").Exits(2);
        File.Move(record, aside);
        _scratch.Run("add", "other.json", "--project", "arms", "-q").Exits(0);
        File.Move(aside, record);
        Write("again.json", project: 0, task: 9, spaces: "  ");
        _scratch.Run("add", "again.json", "--project", "legs", "-q").Exits(2);
    }

    private void Write(string file, int project, int task, string spaces = "", int day = 9) => _scratch.Write(
        file,
        $$"""
        [{"id":{{task}},{{(project == 0 ? "" : $"\"project\":{project},")}}"data":{"image":"/data/a/b.jpg"},"annotations":[{"id":{{task}},"completed_by":1,"was_cancelled":false,
        "updated_at":"2026-05-0{{day}}T00:00:00Z","result":[]}],"predictions":[]}]{{spaces}}
        """);
}
