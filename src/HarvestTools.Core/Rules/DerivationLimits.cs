namespace HarvestTools.Rules;

/// <summary>
/// The numbers of a derivation that are no rules, since nobody needs to set them. Rows depend on them all the same.
/// </summary>
internal sealed record DerivationLimits
{
    /// <summary>
    /// The most frames that one task's segments and tracks may cover. The longest real video is far below; a wrong frame
    /// number in a file must not exhaust the memory.
    /// </summary>
    public required long TaskFramesMax { get; init; }

    /// <summary>
    /// Width and height in pixels of the image on which percents are compared where nobody's region tells its size: with
    /// 1000 the default of 5 px means half a percent.
    /// </summary>
    public required int UnknownImageSize { get; init; }

    /// <summary>
    /// What is added to the limit in pixels: percents of an image come with rounding noise of about 1e-11 px, and two points
    /// that are 5 px apart must not fail a limit of 5 for it.
    /// </summary>
    public required double RoundingNoise { get; init; }

    /// <summary>Up to so many regions of one label and parent are compared each with each.</summary>
    public required int CompareAllUpTo { get; init; }

    /// <summary>Among more, how many a region looks at on either side in each of its three columns.</summary>
    public required int CrowdLook { get; init; }

    /// <summary>Among more, how many of its nearest neighbours a region may be joined with.</summary>
    public required int CrowdNearest { get; init; }

    /// <summary>Among more, how far a point that is a parent is looked at, in pixels; boxes as far as the largest is long.</summary>
    public required double CrowdParentReach { get; init; }

    /// <summary>
    /// How many regions of one annotation are looked at for the distance that a rejected row's detail tells. Only crowds have
    /// more within reach; the distance told is then that of a near region and may not be the least.
    /// </summary>
    public required int NearestOtherLook { get; init; }

    /// <summary>
    /// Up to how many pairs of a vertex and a side two polygons are measured although the rectangles around them show that they
    /// do not agree. Beyond it the distance in a rejected row's detail is that of the rectangles.
    /// </summary>
    public required int PolygonCompareMax { get; init; }

    /// <summary>How deep nesting is followed; a finger of a hand of a person is three deep.</summary>
    public required int ParentLevelsMax { get; init; }
}
