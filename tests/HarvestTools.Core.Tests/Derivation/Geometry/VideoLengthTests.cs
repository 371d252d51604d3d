using HarvestTools.Derivation.Geometry;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Derivation;

public sealed class VideoLengthTests
{
    [Theory]
    [InlineData("{}", null)]
    [InlineData("", null)]
    [InlineData("""{"framesCount":7}""", 7L)]
    [InlineData("""{"frames_count":7}""", 7L)]
    [InlineData("""{"frame_count":7}""", 7L)]
    [InlineData("""{"total_frames":7}""", 7L)]
    [InlineData("""{"framesCount":7,"total_frames":9,"frame_count":8}""", 9L)]
    [InlineData("""{"a":{"framesCount":99},"b":[1,{"frame_count":98}],"framesCount":7,"frames":100}""", 7L)]
    [InlineData("""{"framesCount":0,"frame_count":-4}""", null)]
    [InlineData("""{"framesCount":"7","frames_count":{"frame_count":5},"total_frames":7.5}""", null)]
    [InlineData("""{"framesCount":{"a":1},"total_frames":3}""", 3L)]
    public void The_tasks_data_says_how_many_frames_there_are(string data, long? frames) =>
        Assert.Equal(frames, VideoLength.Of(Task(data), new Region()));

    [Fact]
    public void A_region_of_the_same_video_says_it_before_the_data()
    {
        LabelTask task = Task("""{"framesCount":100}""", ("a", 5), ("b", 50), ("a", 9), ("a", 0), ("a", 7), ("c", -3), ("e", 0));
        Assert.Equal(9, VideoLength.Of(task, Region("a", null)));
        Assert.Equal(50, VideoLength.Of(task, Region("b", null)));
        Assert.Equal(100, VideoLength.Of(task, Region("c", null)));
        Assert.Equal(100, VideoLength.Of(task, Region("d", 3)));
        Assert.Equal(100, VideoLength.Of(task, Region("e", null)));
    }

    private static Region Region(string video, long? frames) => new() { ToName = Utf8Text.From(video), FramesCount = frames };

    private static LabelTask Task(string data, params (string Video, long Frames)[] regions)
    {
        var task = new LabelTask { Data = data.Length == 0 ? default : Utf8Text.From(data) };
        foreach ((string video, long frames) in regions)
        {
            Region region = task.AddAnnotation().AddRegion();
            region.ToName = Utf8Text.From(video);
            region.FramesCount = frames;
        }

        return task;
    }
}
