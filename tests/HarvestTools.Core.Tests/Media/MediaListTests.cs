using System.Text;
using HarvestTools.Manifests;
using HarvestTools.Media;

namespace HarvestTools.Tests.Media;

public sealed class MediaListTests
{
    private static readonly string s_hash = new('a', 64);

    private static readonly MediaEntry[] s_entries =
    [
        new("s3://b/ü \"x\".mp4", s_hash, 12, ["task_01/e1", "task_01/e2"]),
        new("/data/upload/4/a.mp4", null, 0, ["e3"]),
        new("Z.mp4", new string('b', 64), 0, ["task_02/e1"]),
    ];

    [Fact]
    public void A_list_reads_back_as_it_was_written_in_ordinal_order()
    {
        MediaList read = MediaList.Parse(new MediaList(s_entries).ToBytes(), "a list");

        Assert.Equal(["/data/upload/4/a.mp4", "Z.mp4", "s3://b/ü \"x\".mp4"], read.Entries.Select(static entry => entry.Link));
        MediaEntry first = read.Entries[2];
        Assert.Equal((s_hash, 12L), (first.Sha256, first.Bytes));
        Assert.Equal(["task_01/e1", "task_01/e2"], first.Episodes);
        Assert.Null(read.Entries[0].Sha256);
    }

    [Fact]
    public void The_bytes_do_not_depend_on_the_order_and_are_as_documented()
    {
        byte[] bytes = new MediaList(s_entries).ToBytes();

        Assert.Equal(bytes, new MediaList(s_entries.Reverse()).ToBytes());
        Assert.Equal(
            "{\"format\":\"harvest-media 1\"}\n"
                + "{\"episodes\":[\"e3\"],\"media\":\"/data/upload/4/a.mp4\"}\n"
                + $"{{\"bytes\":0,\"episodes\":[\"task_02/e1\"],\"media\":\"Z.mp4\",\"sha256\":\"{new string('b', 64)}\"}}\n"
                + $"{{\"bytes\":12,\"episodes\":[\"task_01/e1\",\"task_01/e2\"],\"media\":\"s3://b/ü \\\"x\\\".mp4\",\"sha256\":\"{s_hash}\"}}\n",
            Encoding.UTF8.GetString(bytes));
    }

    [Fact]
    public void The_summary_counts_what_is_there_and_what_is_missing()
    {
        SliceMedia summary = new MediaList(s_entries).Summary(s_hash);

        Assert.Equal((2L, 12L, 1L), (summary.Files, summary.Bytes, summary.Missing));
    }

    [Fact]
    public void Media_are_chosen_by_episode_with_its_folder_or_without()
    {
        var list = new MediaList(s_entries);

        Assert.Equal(["Z.mp4", "s3://b/ü \"x\".mp4"], list.Of([]).Select(static entry => entry.Link));
        Assert.Equal(["Z.mp4", "s3://b/ü \"x\".mp4"], list.Of(["e1"]).Select(static entry => entry.Link));
        Assert.Equal(["Z.mp4"], list.Of(["task_02/e1"]).Select(static entry => entry.Link));
        Assert.Empty(list.Of(["e3"]));
        Assert.Empty(list.Of(["1"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}\n")]
    [InlineData("{\"format\":\"harvest-media 2\"}\n")]
    [InlineData("{\"format\":\"harvest-media 1\"}\n{\"media\":5,\"episodes\":[]}\n")]
    [InlineData("{\"format\":\"harvest-media 1\"}\n{\"episodes\":[]}\n")]
    [InlineData("{\"format\":\"harvest-media 1\"}\n{\"media\":\"a\"}\n")]
    [InlineData("{\"format\":\"harvest-media 1\"}\n{\"media\":\"a\",\"episodes\":[],\"sha256\":\"xyz\"}\n")]
    [InlineData("{\"format\":\"harvest-media 1\"}\n{\"media\":\"a\",\"episodes\":[],\"bytes\":\"many\"}\n")]
    [InlineData("{\"format\":\"harvest-media 1\"}\nnull\n")]
    [InlineData("{\"format\":\"harvest-media 1\"}\n[\n")]
    [InlineData("[]\n")]
    public void What_is_no_list_is_an_error_that_names_it(string text)
    {
        HarvestException error = Assert.Throws<HarvestException>(() => MediaList.Parse(Encoding.UTF8.GetBytes(text), "the list of v1"));

        Assert.Equal("MediaListForeign", error.ErrorId);
        Assert.Contains("the list of v1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_lists_differ_by_what_came_went_and_changed()
    {
        var before = new MediaList([new("a", s_hash, 1, []), new("b", s_hash, 1, []), new("c", null, 0, []), new("d", s_hash, 1, [])]);
        var after = new MediaList([new("b", new string('c', 64), 1, []), new("c", s_hash, 1, []), new("d", s_hash, 1, []), new("e", s_hash, 1, [])]);

        var difference = MediaDifference.Between(before, after);

        Assert.Equal(["e"], difference.Added);
        Assert.Equal(["a"], difference.Removed);
        Assert.Equal(["b", "c"], difference.Changed);
        Assert.Equal(1, difference.Same);
    }
}
