//! Setting the options of a wish: source, mode, depth, resolution, area, in this order, each found by its name anew,
//! as any of them may change what the others are.
use crate::api::{ScanWish, Source};
use crate::wire::{ControlReply, Descriptor, Kind, Request, SaneStatus, Value};

use super::error::ClientError;
use super::session::Session;

impl Session {
    /// Sets everything that a wish asks for.
    pub(crate) async fn configure(&mut self, wish: ScanWish) -> Result<(), ClientError> {
        self.choose_source(wish.source).await?;
        let mode = self.options.mode(wish.colour).ok_or(ClientError::Unsupported("these colours"))?;
        self.set_if("mode", mode).await?;
        let depth = self.options.depth();
        self.set_if("depth", depth).await?;
        self.dpi = self.set_resolution(wish.dpi).await?;
        // Where there is a paper's size, it limits the area, and comes first.
        let (width, height) = self.config.largest_page;
        for (name, most_mm) in [("page-width", width), ("page-height", height)] {
            let value = self.options.farthest(name, most_mm, self.dpi);
            self.set_if(name, value).await?;
        }
        for name in ["tl-x", "tl-y"] {
            let value = self.options.nearest(name);
            self.set_if(name, value).await?;
        }
        for (name, most_mm) in [("br-x", width), ("br-y", height)] {
            let value = self.options.farthest(name, most_mm, self.dpi);
            self.set_if(name, value).await?;
        }
        Ok(())
    }

    /// Sets what leads to a source.
    pub(super) async fn choose_source(&mut self, source: Source) -> Result<(), ClientError> {
        let only = self.config.only_source;
        let settings =
            self.options.at_source(source, only).ok_or(ClientError::Unsupported(match source {
                Source::Flatbed => "a flatbed",
                Source::Feeder => "a feeder",
                Source::FeederDuplex => "a feeder for both sides",
            }))?;
        for setting in settings {
            self.set_if(setting.name, Some(setting.value)).await?;
        }
        Ok(())
    }

    /// Sets the resolution, and asks what came of it.
    async fn set_resolution(&mut self, wanted: u16) -> Result<u16, ClientError> {
        let mut all = Vec::new();
        for name in self.options.resolution_names() {
            let value = self.options.resolution(name, wanted);
            self.set_if(name, value).await?;
            all.push(self.whole_number(name).await?);
        }
        match all.as_slice() {
            [dpi] | [dpi, _] if all.iter().all(|other| other == dpi) => u16::try_from(*dpi)
                .ok()
                .filter(|dpi| (1..=1200).contains(dpi))
                .ok_or(ClientError::Resolution(*dpi)),
            // The ways differ: no page of ours is so.
            _ => Err(ClientError::Unsupported("one resolution for both ways")),
        }
    }

    /// What an option of numbers is now, rounded.
    async fn whole_number(&mut self, name: &'static str) -> Result<i32, ClientError> {
        let missing = ClientError::Unsupported("a resolution that can be read");
        let Some((option, descriptor)) = self.options.find(name) else { return Err(missing) };
        let (kind, size) = (descriptor.kind, descriptor.size);
        if !descriptor.capabilities.active() || !descriptor.is_one_word() {
            return Err(missing);
        }
        let value = self.get(name, option, kind, size).await?.only().ok_or(missing)?;
        Ok(if kind == Kind::Fixed { crate::wire::Fixed(value).rounded() } else { value })
    }

    /// Whether a switch that the scanner shows by an option is on; off where there is none.
    pub(super) async fn sensor(&mut self, name: &'static str) -> Result<bool, ClientError> {
        let readable = |descriptor: &Descriptor| {
            descriptor.kind == Kind::Bool && descriptor.size == 4 && descriptor.capabilities.readable()
        };
        let Some((option, _)) = self.options.find(name).filter(|(_, descriptor)| readable(descriptor)) else {
            return Ok(false);
        };
        let value = self.get(name, option, Kind::Bool, 4).await?;
        Ok(value.only().is_some_and(|word| word != 0))
    }

    async fn get(
        &mut self,
        name: &'static str,
        option: u32,
        kind: Kind,
        size: u32,
    ) -> Result<Value, ClientError> {
        let request = Request::Get { handle: self.handle, option, kind, size };
        let reply: ControlReply = self.connection.call(&request).await?;
        checked(name, reply).map(|reply| reply.value)
    }

    /// Sets an option, where there is a value for it and it may be set now.
    async fn set_if(&mut self, name: &'static str, value: Option<Value>) -> Result<(), ClientError> {
        let Some(value) = value else { return Ok(()) };
        let Some((option, descriptor)) = self.options.settable(name) else { return Ok(()) };
        let request = Request::Set {
            handle: self.handle,
            option,
            kind: descriptor.kind,
            size: descriptor.size,
            value: &value,
        };
        let reply: ControlReply = self.connection.call(&request).await?;
        if checked(name, reply)?.info.reload_options() {
            self.reload().await?;
        }
        Ok(())
    }
}

fn checked(what: &'static str, reply: ControlReply) -> Result<ControlReply, ClientError> {
    if reply.resource.is_some() {
        return Err(ClientError::Password { what });
    }
    match reply.status {
        SaneStatus::Good => Ok(reply),
        status => Err(ClientError::Status { what, status }),
    }
}
