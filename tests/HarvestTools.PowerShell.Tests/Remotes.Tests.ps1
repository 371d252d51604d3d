#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/Shared/TestExports.psm1" -Force
    Import-TestedModule

    # What git would bring to another machine: the settings and the slices.
    function Copy-Clone([string] $From, [string] $To) {
        $null = New-Item -ItemType Directory -Force $To
        Copy-Item "$From/harvest.json" $To
        Copy-Item "$From/slices" $To -Recurse
        $To
    }
}

Describe 'A shared folder as a remote' {
    BeforeAll {
        $share = (New-Item -ItemType Directory "$TestDrive/share").FullName
        $repository = New-TestRepository "$TestDrive/here"
        $settings = Get-Content "$repository/harvest.json" -Raw | ConvertFrom-Json -AsHashtable
        $settings.remotes = @{ origin = $share }
        $settings | ConvertTo-Json -Depth 20 | Set-Content "$repository/harvest.json"
        Push-Location $repository
        $null = New-Slice v1
    }
    AfterAll { Pop-Location }

    It 'says with -WhatIf what would be sent, and sends nothing' {
        Send-Slice -WhatIf | Should -BeNullOrEmpty
        Get-ChildItem $share -Recurse -File | Should -BeNullOrEmpty
    }

    It 'takes the slices of the pipeline together, and says what is there' {
        (Test-HarvestRemote).IsWhole | Should -BeFalse
        $sent = Get-Slice | Send-Slice
        @($sent).Count | Should -Be 1
        $sent.Remote | Should -Be 'origin'
        $sent.Address | Should -Be $share
        $sent.Moved | Should -BeGreaterThan 2
        $again = Send-Slice v1
        $again.Moved | Should -Be 0
        $again.AlreadyThere | Should -Be $sent.Moved
        $report = Test-HarvestRemote -Deep
        $report.IsWhole | Should -BeTrue
        $report.Objects.State | Sort-Object -Unique | Should -Be 'Verified'
        ($sent | Out-String) | Should -Match 'Moved'
        ($report | Out-String) | Should -Match 'Verified'
    }

    It 'counts what killed uploads left there' {
        (Test-HarvestRemote).Leftovers | Should -Be 0
        Set-Content "$share/exports/.tmp-1-0123456789ab-00000000" 'half'
        (Test-HarvestRemote).Leftovers | Should -Be 1
        Remove-Item "$share/exports/.tmp-1-0123456789ab-00000000" -Force
    }

    It 'notes what nothing needs there, and removes it once its days are over' {
        $gone = 'aa'.PadRight(64, 'b')
        $null = New-Item -ItemType Directory -Force "$share/sha256/aa"
        Set-Content "$share/sha256/aa/$gone" 'nothing needs it'
        $plan = Remove-UnreachableObject -Remote origin -WhatIf -WarningAction Ignore
        $plan.Done, $plan.Noted, $plan.Remote | Should -Be $false, 1, 'origin'
        @($plan.Repositories).Count | Should -Be 1
        $list = $plan | Format-List | Out-String -Width 1000
        $list | Should -Match '(?m)^Remote +: origin\r?$'
        $list | Should -Match "(?m)^Address +: $([regex]::Escape($plan.Address))\r?$"
        $list | Should -Match "(?m)^Repositories +: $($plan.Repositories[0].Id), $([regex]::Escape($plan.Repositories[0].Name))\r?$"
        "$share/gc" | Should -Not -Exist
        (Remove-UnreachableObject -Remote origin -Confirm:$false -WarningAction Ignore).Noted | Should -Be 1
        $waiting = Remove-UnreachableObject -Remote origin -Confirm:$false -WarningAction Ignore
        $waiting.Waiting | Should -Be 1
        $waiting.Objects | Where-Object Sha256 -EQ $gone | Format-List | Out-String -Width 1000 | Should -Match "(?m)^NotedOn +: $([datetime]::UtcNow.ToString('yyyy-MM-dd'))\r?$"

        $noted = Get-Content "$share/gc/candidates.json" -Raw
        Remove-Item "$share/gc/candidates.json" -Force
        Set-Content "$share/gc/candidates.json" ($noted -replace '"since": "[^"]+"', '"since": "2020-01-01T00:00:00Z"' -replace ',\s*"record_sha256": "[0-9a-f]{64}"')
        $done = Remove-UnreachableObject -Remote origin -Confirm:$false -WarningAction Ignore
        ($done.Objects | Where-Object State -EQ Removed).Sha256 | Should -BeExactly $gone
        "$share/sha256/aa/$gone" | Should -Not -Exist
        (Test-HarvestRemote).IsWhole | Should -BeTrue
        { Remove-UnreachableObject -Remote origin -Forget 0123456789abcdef -Confirm:$false } | Should -Throw -ErrorId 'RegisteredRepositoryUnknown,*'
    }

    It 'warns of a harvest.local.json that is committed' -Skip:(-not (Get-Command git -CommandType Application -ErrorAction Ignore)) {
        $clone = Copy-Clone $repository "$TestDrive/committed"
        Set-Content "$clone/harvest.local.json" '{}'
        $null = git -C $clone init --quiet
        $null = git -C $clone add --all
        $said = $null
        $null = Test-HarvestRemote -Repository $clone -WarningVariable said -WarningAction SilentlyContinue
        "$said" | Should -BeNullOrEmpty
        $null = git -C $clone -c user.name=t -c user.email=t@example.org -c commit.gpgsign=false commit --quiet --message all
        foreach ($command in { Test-HarvestRemote -Repository $clone }, { Test-SliceDrift -Repository $clone }, { Get-Slice -Repository $clone | Test-SliceDrift }) {
            (& $command 3>&1 | Out-String) | Should -Match 'harvest.local.json is committed'
        }
    }

    It 'builds in a clone what others sent, and says what it fetches' {
        $clone = Copy-Clone $repository "$TestDrive/lazy"
        $said = $null
        $built = Build-Slice v1 -Repository $clone -InformationVariable said -InformationAction SilentlyContinue
        "$said" | Should -Match 'Fetching [0-9a-f]{12} from'
        $built.Sha256 | Sort-Object | Should -Be ((Build-Slice v1).Sha256 | Sort-Object)
        (Test-SliceDrift -Repository $clone).Status | Should -Be 'Clean'
    }

    It 'asks nothing of the remote with -Offline' {
        $clone = Copy-Clone $repository "$TestDrive/offline"
        (Invoke-Recorded { Build-Slice v1 -Repository $clone -Offline }).Errors.FullyQualifiedErrorId | Should -BeLike 'ExportNotAvailable,*'
        { Receive-Slice -Repository $clone -Offline } | Should -Throw -ErrorId 'RemoteOffline,HarvestTools.PowerShell.ReceiveSliceCommand'
    }

    It 'verifies a clone quickly without fetching' {
        $clone = Copy-Clone $repository "$TestDrive/quick"
        (Test-SliceDrift -Quick -Repository $clone).Status | Should -Be 'Clean'
        Get-ChildItem "$clone/.harvest/archive/sha256" -Recurse -File -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        (Test-SliceDrift -Sample 1 -Repository $clone).Status | Should -Be 'Clean'
        @(Get-ChildItem "$clone/.harvest/archive/sha256" -Recurse -File).Count | Should -Be 1
    }

    It 'receives slices with their tables' {
        $null = Send-Slice -IncludeTable
        $clone = Copy-Clone $repository "$TestDrive/tables"
        $received = Receive-Slice v1 -IncludeTable -Repository $clone
        $received.Repository | Should -Be $clone
        $received.Failed | Should -Be 0
        (Build-Slice v1 -Repository $clone).Status | Sort-Object -Unique | Should -Be 'Shared'
    }

    It 'completes the names of remotes' {
        (TabExpansion2 'Send-Slice -Remote or' 21).CompletionMatches.CompletionText | Should -Be 'origin'
    }

    It 'has an error record for what is damaged there, whose remedy mends it' {
        $object = Get-ChildItem "$share/sha256" -Recurse -File | Sort-Object Length | Select-Object -Last 1
        Set-ItemProperty $object.FullName IsReadOnly $false
        $bytes = [System.IO.File]::ReadAllBytes($object.FullName)
        $bytes[10] = $bytes[10] -bxor 1
        [System.IO.File]::WriteAllBytes($object.FullName, $bytes)
        $clone = Copy-Clone $repository "$TestDrive/damaged"
        $result = Invoke-Recorded { Receive-Slice -Repository $clone }
        $result.Errors.FullyQualifiedErrorId | Should -Be 'RemoteObjectDamaged,HarvestTools.PowerShell.ReceiveSliceCommand'
        $result.Errors.ErrorDetails.RecommendedAction | Should -Match "Run '(Send-Slice -Deep)' on"
        $null = $result.Errors.ErrorDetails.RecommendedAction -match "Run '(Send-Slice -Deep)' on"
        $mended = Invoke-Expression $Matches[1]
        $mended.Replaced | Should -Be 1
        (Receive-Slice -Repository $clone).Failed | Should -Be 0
    }

    It 'names a remote that is not there' {
        { Send-Slice -Remote origni } | Should -Throw -ErrorId 'RemoteUnknown,HarvestTools.PowerShell.SendSliceCommand'
    }
}

Describe 'Media' {
    BeforeAll {
        $share = (New-Item -ItemType Directory "$TestDrive/media-share").FullName
        $repository = New-TestRepository "$TestDrive/media"
        $settings = Get-Content "$repository/harvest.json" -Raw | ConvertFrom-Json -AsHashtable
        $settings.remotes = @{ origin = $share }
        $settings.media = @{ '/' = 'raw' }
        $settings | ConvertTo-Json -Depth 20 | Set-Content "$repository/harvest.json"
        Push-Location $repository

        $null = New-Item -ItemType Directory raw
        $links = Get-ChildItem .harvest/archive/sha256 -Recurse -File |
            ForEach-Object { Get-Content $_ -Raw | ConvertFrom-Json } | Where-Object { $_.PSObject.Properties['data'] } |
            ForEach-Object { $_.data.PSObject.Properties } |
            Where-Object Name -In 'image', 'video' | ForEach-Object Value | Sort-Object -Unique
        foreach ($link in $links) {
            $path = Join-Path $repository "raw/$(([uri]::UnescapeDataString($link) -replace '^/data/local-files/\?d=', 'data/local-files/').TrimStart('/'))"
            $null = New-Item -ItemType Directory -Force (Split-Path $path)
            Set-Content $path "bytes of $link" -NoNewline
        }
    }
    AfterAll { Pop-Location }

    It 'is listed with hashes, and a changed file makes another data set' {
        $first = New-Slice v1 -IncludeMedia -WarningAction SilentlyContinue
        $first.Media.Files | Should -BeGreaterThan 1
        $first.DatasetSha256 | Should -Match '^[0-9a-f]{64}$'
        ($first | Format-List | Out-String) | Should -Match 'Media +: \d+ files'
        (Test-SliceDrift v1 -IncludeMedia).Status | Should -Be 'Clean'

        $file = Get-ChildItem raw -Recurse -File | Select-Object -First 1
        $before = Get-Content $file -Raw
        Set-Content $file 'other' -NoNewline
        (Test-SliceDrift v1 -IncludeMedia).Findings.Kind | Should -Contain 'MediaChanged'
        (Test-SliceDrift v1).Status | Should -Be 'Clean'
        $second = New-Slice -Next -IncludeMedia -IfChanged -WarningAction SilentlyContinue
        $second.DatasetSha256 | Should -Not -Be $first.DatasetSha256
        (Compare-Slice v1 v2).Media.Changed | Should -HaveCount 1
        New-Slice -Next -IncludeMedia -IfChanged -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        Set-Content $file $before -NoNewline
    }

    It 'is sent, verified and received' {
        (Send-Slice v1 -IncludeMedia).Failed | Should -Be 0
        (Test-HarvestRemote -Version v1 -IncludeMedia -Deep).IsWhole | Should -BeTrue
        $clone = Copy-Clone $repository "$TestDrive/media-clone"
        { Receive-Slice v1 -Episode e1 -Repository $clone } | Should -Throw -ErrorId 'EpisodeWithoutIncludeMedia,*'
        (Receive-Slice v1 -IncludeMedia -Repository $clone).Failed | Should -Be 0
        (Get-ChildItem "$clone/raw" -Recurse -File).Count | Should -Be (Get-ChildItem raw -Recurse -File).Count
        (Test-SliceDrift v1 -IncludeMedia -Repository $clone).Status | Should -Be 'Clean'
    }
}
