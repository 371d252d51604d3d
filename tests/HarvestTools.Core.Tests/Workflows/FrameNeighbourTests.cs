using System.Globalization;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

/// <summary>Which images are a few frames from one of an eval set.</summary>
public sealed class FrameNeighbourTests
{
    [Theory]
    [InlineData("/data/cam_2/clip_07/f_0103.jpg", "/data/cam_2/clip_07/f_0100.jpg", 3)]
    [InlineData("s3://bucket/cam_2/clip_07/f_0103.jpg", "cam_2/clip_07/f_0100.jpg", 3)]
    [InlineData("/data/local-files/?d=cam_2/clip_07/103.png", "cam_2/clip_07/98.png", 5)]
    [InlineData("a/clip_0007/f9.jp2", "x/a/clip_0007/f10.jp2", 1)]
    [InlineData("ros/run_01/1716899999123456789.png", "ros/run_01/1716899999123456780.png", 9)]
    [InlineData("a/b/f_0103_left.jpg", "a/b/f_0100_left.jpg", 3)]
    public void Frames_of_one_video_are_near(string link, string other, long frames) =>
        Assert.Equal([new FrameNeighbour(link, other, frames)], new FrameNeighbours([link], 30).Find([other]));

    [Theory]
    [InlineData("a/b/f_0103.jpg", "a/b/f_0103.jpg")]
    [InlineData("a/b/f_0103.jpg", "a/b/f_0134.jpg")]
    [InlineData("a/b/f_0103.jpg", "a/c/f_0104.jpg")]
    [InlineData("a/b/f_0103.jpg", "a/b/g_0104.jpg")]
    [InlineData("a/b/f_0103.jpg", "a/b/f_0104.png")]
    [InlineData("b/103.jpg", "b/104.jpg")]
    [InlineData("103.jpg", "104.jpg")]
    [InlineData("cam/fold_towel/episode_0001.mp4", "cam/fold_towel/episode_0002.mp4")]
    [InlineData("a/b/clip.mp4", "a/b/clip.mp3")]
    [InlineData("a/b/f_12345678901234567891.jpg", "a/b/f_12345678901234567890.jpg")]
    public void Others_are_not(string link, string other) => Assert.Empty(new FrameNeighbours([link], 30).Find([other]));

    [Fact]
    public void Each_image_is_listed_with_the_nearest_as_a_plain_search_finds_it()
    {
        var random = new Random(7);
        string[] Paths(int count) => [.. Enumerable.Range(0, count).Select(_ => string.Create(CultureInfo.InvariantCulture, $"set/clip_{random.Next(3)}/f{random.Next(400):d4}.jpg")).Distinct()];
        for (int time = 0; time < 50; time++)
        {
            (string[] links, string[] others, int within) = (Paths(60), Paths(20), random.Next(1, 12));
            static (string Clip, long Frame) Read(string path) => (path[..path.LastIndexOf('/')], long.Parse(path.AsSpan(path.Length - 8, 4), CultureInfo.InvariantCulture));
            var expected = from link in links
                           let near = others.Where(other => Read(other).Clip == Read(link).Clip).Select(other => Math.Abs(Read(other).Frame - Read(link).Frame)).Where(apart => apart > 0 && apart <= within).ToList()
                           where near.Count > 0
                           orderby link
                           select (link, near.Min());

            Assert.Equal(expected, new FrameNeighbours(links, within).Find(others).Select(static one => (one.Link, one.Frames)));
        }
    }
}
