using HarvestTools.Cache;
using HarvestTools.Rules;

namespace HarvestTools.Workflows;

/// <summary>
/// Has the runtime load the code of a derivation on another processor while a command is still read and its exports are looked
/// up: by deriving a small export of every kind of label, in memory. The first derivation of a process otherwise waits for its
/// methods and their types, one after the other, with nothing for a second processor to do.
/// </summary>
public static class EarlyLoading
{
    private static int s_begun;

    /// <summary>
    /// Begins with it, once in a process, and returns at once. Nothing waits for it: it takes a thread, some memory and
    /// processor time, writes no file, and ends with the process. Without effect on one processor.
    /// </summary>
    public static void Begin()
    {
        if (Environment.ProcessorCount == 1 || Interlocked.Exchange(ref s_begun, 1) != 0)
        {
            return;
        }

        try
        {
            new Thread(TryRun) { IsBackground = true, Name = "harvest-early" }.Start();
        }
        catch (OutOfMemoryException)
        {
            // The system has no thread for it, and may have one for the work itself.
        }
    }

    /// <summary>Derives the export, tables and record included, and gives what came of it.</summary>
    internal static Part Run()
    {
        // Rows are far fewer than are held in memory, so that no folder for others is needed.
        var request = new PartRequest("p", "early.json", HarvestRules.Default, FieldMapping.Default, Threads: 1, SpillFolder: string.Empty)
        {
            WithPeople = true,
            WithLabels = true,
        };
        DerivedPart derived = PartDerivation.Run(
            request, new MemoryStream(Export.ToArray()), static _ => new MemoryStream(), progress: null, CancellationToken.None);
        var part = new Part(new string('0', 64), derived.Export.Sha256, derived.Tables, derived.Tally, derived.Episodes.SelectMany(static table => table));
        PartRecord.Write(part, derived.Episodes, new MemoryStream());
        return part;
    }

    private static void TryRun()
    {
        try
        {
            _ = Run();
        }
#pragma warning disable CA1031 // Whatever goes wrong here does so again where it is asked for, and is reported there.
        catch (Exception)
        {
        }
#pragma warning restore CA1031
    }

    /// <summary>
    /// Two annotators' points, boxes, polygons, choices, tracks and segments, of which they agree on some, and a prediction: every
    /// table gets a row.
    /// </summary>
    private static ReadOnlySpan<byte> Export => """
        [{"id":1,"data":{"task_subdir":"s","episode":"e1","frame":1,"image":"/data/s/e1/1.jpg"},"annotations":[
        {"id":1,"completed_by":1,"created_at":"2026-01-01T00:00:00.000000Z","was_cancelled":false,"ground_truth":false,"result":[
        {"original_width":640,"original_height":480,"image_rotation":0,"value":{"x":10.5,"y":20.25,"width":30,"height":40.125,"rotation":0,"rectanglelabels":["hand"]},"id":"b1","from_name":"boxes","to_name":"image","type":"rectanglelabels","origin":"manual"},
        {"original_width":640,"original_height":480,"image_rotation":0,"value":{"x":11.123456789012345,"y":22.2,"width":0.5,"keypointlabels":["wrist"]},"parentID":"b1","id":"k1","from_name":"points","to_name":"image","type":"keypointlabels","origin":"manual"},
        {"original_width":640,"original_height":480,"image_rotation":0,"value":{"x":71.1,"y":72.2,"width":0.5,"keypointlabels":["thumb"]},"parentID":"b1","id":"k2","from_name":"points","to_name":"image","type":"keypointlabels","origin":"manual"},
        {"original_width":640,"original_height":480,"image_rotation":0,"value":{"points":[[1,1],[5,1],[5,5]],"closed":true,"polygonlabels":["tool"]},"id":"p1","from_name":"polygons","to_name":"image","type":"polygonlabels","origin":"manual"},
        {"value":{"choices":["good"]},"id":"c1","from_name":"quality","to_name":"image","type":"choices","origin":"manual"}]},
        {"id":2,"completed_by":2,"created_at":"2026-01-02T00:00:00.000000Z","was_cancelled":false,"ground_truth":false,"result":[
        {"original_width":640,"original_height":480,"image_rotation":0,"value":{"x":10.75,"y":20.5,"width":30,"height":40,"rotation":0,"rectanglelabels":["hand"]},"id":"b2","from_name":"boxes","to_name":"image","type":"rectanglelabels","origin":"manual"},
        {"original_width":640,"original_height":480,"image_rotation":0,"value":{"x":11.2,"y":22.3,"width":0.5,"keypointlabels":["wrist"]},"parentID":"b2","id":"k3","from_name":"points","to_name":"image","type":"keypointlabels","origin":"manual"},
        {"original_width":640,"original_height":480,"image_rotation":0,"value":{"x":31.1,"y":42.2,"width":0.5,"keypointlabels":["thumb"]},"parentID":"b2","id":"k4","from_name":"points","to_name":"image","type":"keypointlabels","origin":"manual"},
        {"original_width":640,"original_height":480,"image_rotation":0,"value":{"points":[[1,1],[5,1],[5,5]],"closed":true,"polygonlabels":["tool"]},"id":"p2","from_name":"polygons","to_name":"image","type":"polygonlabels","origin":"manual"},
        {"value":{"choices":["good"]},"id":"c2","from_name":"quality","to_name":"image","type":"choices","origin":"manual"}]}],
        "predictions":[{"id":1,"model_version":"m1","score":0.5,"result":[
        {"original_width":640,"original_height":480,"image_rotation":0,"value":{"x":11,"y":22,"width":0.5,"keypointlabels":["wrist"]},"id":"k5","from_name":"points","to_name":"image","type":"keypointlabels"}]}]},
        {"id":2,"data":{"task_subdir":"s","episode":"e2","video":"/data/s/e2.mp4"},"annotations":[
        {"id":3,"completed_by":1,"created_at":"2026-01-03T00:00:00.000000Z","was_cancelled":false,"ground_truth":false,"result":[
        {"value":{"framesCount":10,"duration":1,"sequence":[{"frame":1,"enabled":true,"rotation":0,"x":1,"y":2,"width":3,"height":4,"time":0.1},{"frame":3,"enabled":true,"rotation":0,"x":2,"y":3,"width":3,"height":4,"time":0.3}],"labels":["hand"]},"id":"t1","from_name":"box","to_name":"video","type":"videorectangle","origin":"manual"},
        {"value":{"ranges":[{"start":1,"end":4}],"timelinelabels":["reach"]},"id":"a1","from_name":"actions","to_name":"video","type":"timelinelabels","origin":"manual"}]},
        {"id":4,"completed_by":2,"created_at":"2026-01-04T00:00:00.000000Z","was_cancelled":false,"ground_truth":false,"result":[
        {"value":{"framesCount":10,"duration":1,"sequence":[{"frame":1,"enabled":true,"rotation":0,"x":1,"y":2,"width":3,"height":4,"time":0.1}],"labels":["hand"]},"id":"t2","from_name":"box","to_name":"video","type":"videorectangle","origin":"manual"},
        {"value":{"ranges":[{"start":1,"end":4}],"timelinelabels":["reach"]},"id":"a2","from_name":"actions","to_name":"video","type":"timelinelabels","origin":"manual"}]}],
        "predictions":[]}]
        """u8;
}
