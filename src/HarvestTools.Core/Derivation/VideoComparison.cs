using HarvestTools.LabelStudio.Tasks;

namespace HarvestTools.Derivation;

/// <summary>Whether a segment or a track is as it was predicted: the editor writes the origins of video regions unreliably.</summary>
internal static class VideoComparison
{
    // Percent of the image: what a number loses on its way through a browser is far less, what a hand moves is far more.
    private const double Tolerance = 1e-6;

    /// <param name="region">As a person submitted it.</param>
    /// <param name="predicted">As the model predicted it.</param>
    public static bool AreSame(Region region, Region predicted) =>
        region.Kind == predicted.Kind
        && SameLabels(region, predicted)
        && region.Ranges.Count == predicted.Ranges.Count
        && (region.Ranges.Count == 0 || region.Ranges.Order(Comparer<FrameRange>.Create(Compare)).SequenceEqual(predicted.Ranges.Order(Comparer<FrameRange>.Create(Compare))))
        && SameFrames(Drawn(region), Drawn(predicted));

    private static bool SameLabels(Region region, Region predicted) =>
        region.Labels.Count == predicted.Labels.Count && region.Labels.TrueForAll(predicted.Labels.Contains);

    /// <summary>Those that the editor did not add by itself.</summary>
    private static List<KeyFrame> Drawn(Region region) => region.KeyFrames.TrueForAll(static frame => !frame.Auto)
        ? region.KeyFrames
        : region.KeyFrames.FindAll(static frame => !frame.Auto);

    private static bool SameFrames(List<KeyFrame> frames, List<KeyFrame> predicted)
    {
        if (frames.Count != predicted.Count)
        {
            return false;
        }

        for (int i = 0; i < frames.Count; i++)
        {
            (KeyFrame a, KeyFrame b) = (frames[i], predicted[i]);
            if (a.Frame != b.Frame || (a.Enabled ?? true) != (b.Enabled ?? true)
                || !Near(a.X, b.X) || !Near(a.Y, b.Y) || !Near(a.Width, b.Width) || !Near(a.Height, b.Height) || !Near(a.Rotation ?? 0, b.Rotation ?? 0))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Near(double? a, double? b) => a is null || b is null ? a is null && b is null : Math.Abs(a.Value - b.Value) <= Tolerance;

    private static int Compare(FrameRange a, FrameRange b) =>
        Nullable.Compare(a.Start, b.Start) is var order && order != 0 ? order : Nullable.Compare(a.End, b.End);
}
