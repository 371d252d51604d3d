using HarvestTools.Files;

namespace HarvestTools.Tests.Files;

public sealed class RenamedTreeTests : IDisposable
{
    private const string Text = "one\ntwo\n";
    private const string OtherText = "one\r\ntwo\r\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("repo/data/eval/list.txt", "repo/data/eval/list_2026.txt")]
    [InlineData("repo/data/eval/list.txt", "repo/data/list.txt")]
    [InlineData("repo/data/eval/list.txt", "repo/data/renamed.txt")]
    [InlineData("repo/data/eval/list.txt", "repo/renamed.txt")]
    [InlineData("repo/data/eval/list.txt", "repo/data/evaluation/list.txt")]
    [InlineData("repo/data/eval/list.txt", "repo/elsewhere/deep/down/list.txt")]
    [InlineData("repo/data/eval", "repo/data/eval_2026")]
    [InlineData("repo/data/eval", "repo/eval")]
    [InlineData("repo/data/eval", "repo/evaluation")]
    [InlineData("repo/list.txt", "repo/moved/list.txt")]
    [InlineData("repo/data/eval/list.txt", "list.txt", false)]
    [InlineData("repo/data/eval/list.txt", "repo/.git/list.txt", false)]
    [InlineData("repo/data/eval/list.txt", "repo/.harvest/list.txt", false)]
    [InlineData("repo/data/eval/list.txt", "repo/elsewhere/renamed.txt", false)]
    public void What_was_moved_or_renamed_within_the_repository_is_found_by_its_bytes(string before, string now, bool found = true)
    {
        string recorded = Recorded(before);
        Write(now, Text);

        Assert.Equal(found ? new FoundTree(PathOf(now), OtherLineEnds: false) : null, Search().Find(PathOf(before), recorded, CancellationToken.None));
        Assert.Null(Search().Find(PathOf(before), recorded[..^1] + "x", CancellationToken.None));
    }

    [Theory]
    [InlineData("repo/data/eval/list.txt", "repo/data/eval/list_2026.txt")]
    [InlineData("repo/data/eval/list.txt", "repo/data/list.txt")]
    [InlineData("repo/data/eval", "repo/evaluation")]
    public void A_text_with_other_line_ends_is_found_where_they_are_ignored(string before, string now)
    {
        string recorded = Recorded(before);
        Write(now, OtherText);

        Assert.Null(Search().Find(PathOf(before), recorded, CancellationToken.None));
        Assert.Equal(new FoundTree(PathOf(now), OtherLineEnds: true), Search(ignoreLineEnds: true).Find(PathOf(before), recorded, CancellationToken.None));
    }

    [Fact]
    public void No_more_is_read_of_what_has_another_name_than_the_limit()
    {
        string recorded = Recorded("repo/data/eval");
        Write("repo/data/eval_2", Text);
        RenamedTree little = Search(most: Text.Length - 1);
        Assert.Null(little.Find(PathOf("repo/data/eval"), recorded, CancellationToken.None));

        // The limit is that of all of them together.
        Write("repo/data/a.txt", "x");
        Assert.Null(Search(most: Text.Length).Find(PathOf("repo/data/eval"), recorded, CancellationToken.None));
        Assert.NotNull(Search(most: Text.Length + 1).Find(PathOf("repo/data/eval"), recorded, CancellationToken.None));

        // What has its own name is as large as it was.
        Write("repo/eval", Text);
        Assert.Equal(PathOf("repo/eval"), little.Find(PathOf("repo/data/eval"), recorded, CancellationToken.None)?.Path);
    }

    private RenamedTree Search(bool ignoreLineEnds = false, long most = 1000) => new(PathOf("repo"), [PathOf("repo/.harvest")], ignoreLineEnds) { MostBytes = most };

    private string PathOf(string path) => Path.Combine(_folder.Path, path.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>The hash of a list, or of a folder with it, that is then gone.</summary>
    private string Recorded(string path)
    {
        Write(path, Text);
        string hash = TreeHash.TryCompute(PathOf(path))!;
        if (Directory.Exists(PathOf(path)))
        {
            Directory.Delete(PathOf(path), recursive: true);
        }

        File.Delete(PathOf(path));
        return hash;
    }

    private void Write(string path, string text)
    {
        string file = PathOf(path.EndsWith(".txt", StringComparison.Ordinal) ? path : path + "/frames.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
