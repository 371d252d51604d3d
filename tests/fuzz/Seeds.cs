using System.IO.Compression;
using System.Text;
using HarvestTools.Samples;

namespace HarvestTools.Fuzz;

/// <summary>Valid inputs from which others are made.</summary>
internal static class Seeds
{
    /// <summary>Every construct that a reader of exports meets, in a few hundred bytes, and made exports of every kind and style.</summary>
    public static IReadOnlyList<byte[]> Exports { get; } =
    [
        Encoding.UTF8.GetBytes(
            """
            [{"id":1,"project":4,"annotations":[{"id":7,"completed_by":{"id":3},"updated_at":"2026-05-04T08:00:00Z","result":[
            {"id":"k","type":"keypointlabels","parentID":"r","to_name":"i","original_width":10.0,"original_height":1e1,"value":{"x":1.5,"y":2e-1,"width":0.5,"keypointlabels":["wrist"]}},
            {"id":"r","type":"rectanglelabels","to_name":"i","original_width":640,"original_height":480,"value":{"x":1,"y":2,"width":30,"height":40,"rotation":10,"rectanglelabels":["hand"]}},
            {"id":"r","type":"choices","to_name":"i","value":{"choices":["left","right"]}},
            {"id":"p","type":"polygonlabels","original_width":640,"original_height":480,"value":{"points":[[1,2],[3,4],[5.5,6]],"closed":true,"polygonlabels":["cup"]}},
            {"id":"b","type":"brushlabels","original_width":64,"original_height":48,"value":{"format":"rle","rle":[0,1,2,3],"brushlabels":["x"]}},
            {"id":"t","type":"timelinelabels","value":{"ranges":[{"start":1,"end":9}],"timelinelabels":["pour"]}},
            {"id":"v","type":"videorectangle","value":{"framesCount":9,"duration":1.5,"sequence":[{"frame":1,"enabled":true,"x":0,"y":1,"width":5,"height":6,"rotation":0,"time":0.04},{"frame":5,"enabled":false,"x":9,"y":1,"width":5,"height":6,"rotation":0}],"labels":["c"]}},
            {"id":"n","type":"number","value":{"number":3.5}},{"id":"ta","type":"textarea","value":{"text":["a","b"]}},{"id":"ra","type":"rating","value":{"rating":4}},
            {"type":"relation","from_id":"k","to_id":"r","direction":"right"}],"was_cancelled":false,"prediction":{"id":3,"model_version":"m-1","result":[{"id":"k","type":"keypointlabels","value":{"x":1}}]}},
            {"id":8,"completed_by":4,"was_cancelled":true,"result":[]}],"drafts":[{"id":1,"result":[]}],"data":{"video":"/data/upload/4/pour/episode_0001/cam.mp4","image":"s3://b/pour/episode_0001/frame_000010.jpg?sig=1","n":[true,false,null,0.1]},"predictions":[3]} ,
             {"id":2,"data":{"image":"/data/local-files/?d=pour/episode_0002/frame_7.jpg","episode":"episode_0002"},"annotations":[],"total_annotations":0}
            ]
            """),
        .. Enum.GetValues<SampleKind>().SelectMany(static kind => Enum.GetValues<ExportStyle>().Select(style => Made(ExportPlan.ForTasks(kind, 4, predictedShare: 0.5) with { Style = style }))),
        .. Directory.Exists(Path.Combine(AppContext.BaseDirectory, "seeds"))
            ? Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "seeds"), "*.json").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)
            : [],
    ];

    public static IReadOnlyList<byte[]> Packed { get; } = [Gzip(Exports[0]), Zip(("export.json", Exports[0])), Zip(("a/export.json", Exports[1]), ("readme.txt", "x"u8.ToArray()))];

    public static IReadOnlyList<byte[]> LabelConfigs { get; } =
    [
        """
        <View><Image name="i" value="$image"/><RectangleLabels name="r" toName="i"><Label value="hand" background="#fff"/><Label value="cup"/></RectangleLabels>
        <KeyPointLabels name="k" toName="i"><Label value="wrist"/></KeyPointLabels><Choices name="c" toName="i" perRegion="true" choice="multiple"><Choice value="left"/><Choice value="right" alias="R"/></Choices></View>
        """u8.ToArray(),
        """
        <?xml version="1.0" encoding="utf-8"?><View><Repeater on="$images" indexFlag="{{idx}}"><Image name="i_{{idx}}" value="$images[{{idx}}].url"/><PolygonLabels name="p_{{idx}}" toName="i_{{idx}}"><Label value="a&amp;b"/></PolygonLabels></Repeater>
        <Video name="v" value="$video" framerate="25.0"/><VideoRectangle name="box" toName="v"/><Labels name="l" toName="v" value="$labels"/><TimelineLabels name="t" toName="v"><Label value="pour"/></TimelineLabels></View>
        """u8.ToArray(),
    ];

    private static byte[] Made(ExportPlan plan)
    {
        using var bytes = new MemoryStream();
        ExportGenerator.Write(bytes, plan);
        return bytes.ToArray();
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    private static byte[] Zip(params (string Name, byte[] Bytes)[] entries)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] bytes) in entries)
            {
                using Stream entry = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
                entry.Write(bytes);
            }
        }

        return packed.ToArray();
    }
}
